"""Handlers of plugins and of the core, told by jobs: where the plugin is active, in order, once, and what fails is set aside."""

from uuid import UUID

import pytest

from wuji.installation import consumers, install_one, put_declared, remove_one
from wuji.journal.handling import Handlers
from wuji.plugin.plugins import NONE, Plugins, Quarantined
from wuji.plugin.running import title_key

HOOKS = """
@hook
def wuji_handlers(self):
    def echo(session, happened):
        {then}
        session.execute(WRITE, {{
            "c": self.name, "r": happened.id, "s": happened.subject_id, "v": happened.verb.rpartition(".")[2]}})
    return (Handler(name="echo", kinds=frozenset({{"file"}}), handle=echo),)
"""
BEFORE = """
from sqlalchemy import text
WRITE = text("insert into public.seen(consumer, record, subject, verb) values (:c, :r, :s, :v)")
"""
TEXTS = '{"handler": {"echo": "Echo"}}'


@pytest.fixture
def echo(workshop, serve, journal, database):
    """`echo(then)`: an application with a plugin whose handler does that first and then says what it heard; and its consumer."""

    def make(then="pass", at="city"):
        plugin = workshop.write(HOOKS.format(then=then), before=BEFORE, texts=TEXTS)
        plugins = workshop.load()
        assert plugin in plugins.by_id, plugins.quarantined
        journal.world.rule(at, plugin)
        journal.declare(f"{plugin}.echo", runs="job", kinds=["file"])
        return serve(plugins, database), plugin

    return make


def test_a_plugin_is_told_in_order_and_once(echo, journal, do_jobs):
    app, plugin = echo()
    for verb in ("a", "b", "c"):
        journal.happen("7", verb=verb, kind="file")
        journal.happen("8", verb=verb, kind="other")
    journal.follow()
    assert do_jobs(app) == ["done"]
    assert journal.rows(plugin) == [("7", "a"), ("7", "b"), ("7", "c")]
    assert journal.world.one("select count(*) from wuji.job where kind = 'journal.handle'") == 0
    assert journal.follow() == 0


def test_what_waits_takes_more_until_somebody_tries_it(echo, journal, do_jobs):
    """Few large jobs instead of many small ones where workers cannot keep up; one that failed keeps to what it was given."""
    app, plugin = echo("assert session.execute(text('select count(*) from public.seen')).scalar() > 0")
    sizes = "select array_agg(jsonb_array_length(args -> 'records') order by id) from wuji.job where kind = 'journal.handle'"
    for subject in ("1", "2", "3"):
        journal.happen(subject, kind="file")
        journal.follow()
    assert journal.world.one(sizes) == [3]
    journal.world.run("update wuji.job set attempts = 1")
    journal.happen("4", kind="file")
    journal.follow()
    assert journal.world.one(sizes) == [3, 1]
    journal.world.run("insert into public.seen(consumer) values ('free')")
    assert do_jobs(app) == ["done", "done"]
    assert journal.seen(plugin) == ["1", "2", "3", "4"]


def test_what_lies_in_another_tree_by_now_is_told_there(echo, journal, do_jobs):
    """A tree is let go while a job of its old root still waits: the lane goes on, and nothing is lost."""
    app, plugin = echo()
    journal.happen("1", at="village", kind="file")
    journal.follow()
    roots = (journal.world.tenant["other"], journal.world.tenant["city"])
    journal.world.run("update wuji.job set tenant_id = %s where tenant_id = %s", *roots)
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == []
    journal.follow()
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == ["1"]
    assert journal.poison(f"{plugin}.echo") == []


def test_only_where_it_is_active(echo, journal, do_jobs):
    """At the record's tenant, wherever in the tree the job acts; what belongs to no tenant no plugin is told."""
    app, plugin = echo(at="street")
    journal.world.rule("sibling", plugin, on=False)
    for at in ("village", "grid", "sibling", "city", "other", None):
        journal.happen(at, at=at, kind="file")
    journal.follow()
    assert set(do_jobs(app)) == {"done"}
    assert sorted(journal.seen(plugin)) == ["grid", "village"]


def test_a_record_that_fails_is_set_aside_and_the_rest_goes_on(echo, journal, do_jobs):
    app, plugin = echo("assert happened.subject_id != 'bad', 'it cannot be read'")
    for subject in ("1", "bad", "2"):
        journal.happen(subject, kind="file")
    journal.follow()
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == ["1", "2"]
    assert journal.poison(f"{plugin}.echo") == [("bad", 1, "aside")]
    assert "it cannot be read" in journal.world.one("select reason from wuji.poison")


def test_what_a_job_logs_says_which_job_and_where(echo, journal, do_jobs, log_lines):
    app, plugin = echo("assert happened.subject_id != 'bad', 'it cannot be read'")
    journal.happen("bad", kind="file")
    journal.follow()
    lines = log_lines("wuji.journal.handling", lambda: do_jobs(app))
    line = next(line for line in lines if "is set aside" in line["message"])
    assert (line["kind"], line["tenant"]) == ("journal.handle", journal.world.code["city"])
    assert f"consumer {plugin}.echo" in line["message"]
    assert UUID(line["job"])
    assert UUID(line["actor"])


def test_what_a_handler_had_begun_is_undone_when_it_fails(echo, journal, do_jobs):
    app, plugin = echo(
        "session.execute(WRITE, {'c': self.name, 'r': happened.id, 's': 'half', 'v': ''}); "
        "session.execute(text('select 1/0'))"
    )
    journal.happen(kind="file")
    journal.follow()
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == []
    assert "division by zero" in journal.world.one("select reason from wuji.poison")


@pytest.mark.parametrize(("state", "attempts"), [("40001", 1), ("53100", 0)], ids=["busy", "disk full"])
def test_an_error_that_passes_has_the_job_tried_again(echo, journal, do_jobs, state, attempts):
    """What is no fault of the job costs none of its attempts, however often it is met."""
    app, plugin = echo(
        'session.execute(text("do $$ begin if (select count(*) from public.seen) = 0 then '
        f"raise exception 'busy' using errcode = '{state}'; end if; end $$\"))"
    )
    journal.happen("1", kind="file")
    journal.follow()
    assert do_jobs(app) == ["waiting"]
    assert journal.world.one("select attempts from wuji.job where kind = 'journal.handle'") == attempts
    assert journal.poison(f"{plugin}.echo") == []
    journal.world.run("insert into public.seen(consumer) values ('free')")
    journal.world.run("update wuji.job set due_at = now()")
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == ["1"]


def test_what_was_set_aside_can_be_told_again(echo, journal, do_jobs):
    app, plugin = echo("assert session.execute(text('select count(*) from public.seen')).scalar() > 0")
    name = f"{plugin}.echo"
    journal.happen("1", kind="file")
    journal.follow()
    do_jobs(app)
    for expected in ("1", 2, "aside"), None:
        journal.world.run("update wuji.poison set state = 'asked'")
        journal.follow()
        assert journal.poison(name)[0][2] == "telling"
        do_jobs(app)
        assert journal.poison(name) == ([expected] if expected else [])
        journal.world.run("insert into public.seen(consumer) values ('mended')")
    assert journal.seen(plugin) == ["1"]


def test_a_program_without_the_handler_loses_nothing(echo, serve, journal, do_jobs, database):
    """A plugin that cannot be read for a while: its records wait, set aside, until it is back."""
    app, plugin = echo()
    journal.happen("1", kind="file")
    journal.follow()
    assert do_jobs(serve(NONE, database)) == ["done"]
    assert journal.poison(f"{plugin}.echo") == [("1", 1, "aside")]
    journal.world.run("update wuji.poison set state = 'asked'")
    journal.follow()
    do_jobs(app)
    assert journal.seen(plugin) == ["1"]
    assert journal.poison(f"{plugin}.echo") == []


def test_a_tree_that_is_closed_is_told_once_it_is_open_again(echo, journal, do_jobs):
    app, plugin = echo()
    journal.happen("1", kind="file")
    journal.world.run("update wuji.tenant set state = 'suspended' where id = %s", journal.world.tenant["city"])
    journal.follow()
    assert do_jobs(app) == []
    journal.world.run("update wuji.tenant set state = 'active' where id = %s", journal.world.tenant["city"])
    assert do_jobs(app) == ["done"]
    assert journal.seen(plugin) == ["1"]


def test_rows_of_consumers_come_and_go_with_their_plugins(server, workshop, journal, database):
    """A new one begins with what happens after; one of a plugin that is gone is gone; one that cannot be read just now stays."""
    owner = server.engine("wuji_owner", database)
    journal.happen("before", kind="file")
    plugin = workshop.write(HOOKS.format(then="pass"), before=BEFORE, texts=TEXTS)
    plugins = workshop.load()
    install_one(owner, plugins, plugins.by_id[plugin])
    name = f"{plugin}.echo"
    there = "select runs, kinds from wuji.consumer where name = %s"
    assert journal.world.run(there, name).fetchone() == ("job", ["file"])
    journal.happen("after", kind="file")
    journal.follow()
    told = journal.world.one("select args->'records' from wuji.job where args->>'consumer' = %s", name)
    assert journal.world.run(
        "select subject_id from wuji.journal_record where id::text = any(%s)", told
    ).fetchall() == [("after",)]
    put_declared(owner, plugins.without([Quarantined(plugin, "import", "it breaks")]))
    assert journal.world.run(there, name).fetchone() == ("job", ["file"])
    remove_one(owner, plugins, plugin)
    assert journal.world.run(there, name).fetchone() is None
    owner.dispose()


def test_what_is_declared_is_what_can_be_told(app):
    """Rows are written without the program that has the functions: the two must agree."""
    deployment = app.extensions["wuji"]
    handlers = deployment.part(Handlers).by_name
    declared = {one.name: one.kinds for one in consumers(deployment.part(Plugins)) if one.runs == "job"}
    assert declared == {name: handler.kinds for name, handler in handlers.items()}
    titles = {title_key(name) for name in [*declared, "journal.seal"]}
    for locale in ("zh-CN", "en"):
        assert titles <= deployment.texts.catalogue(locale).keys()


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ('Handler(name="x", kinds=frozenset(), handle=print)', "names no kind"),
        ('Handler(name="x", kinds=frozenset({"nothing"}), handle=print)', "nothing of kind nothing is recorded"),
        ('Handler(name="x", kinds=frozenset({"file"}), handle=print)', "handler.x"),
        ('"x"', "wuji_handlers gives str, not Handler"),
    ],
)
def test_a_handler_that_cannot_be_keeps_its_plugin_out(workshop, hook, said):
    workshop.write(f"@hook\ndef wuji_handlers(self):\n    return ({hook},)")
    (found,) = workshop.load().quarantined
    assert said in found.detail
