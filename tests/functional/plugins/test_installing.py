"""A plugin's schema in the database: brought in, checked, upgraded, taken out."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from wuji.cli import main
from wuji.cli.program import Program
from wuji.governance.installing import is_there, list_unready
from wuji.installation import install, install_one, permissions, remove_one, served
from wuji.kit.db.migrate import compare, pending
from wuji.kit.options import load
from wuji.kit.rowsec.catalogue import differences
from wuji.testing import World
from wuji.wall import declared_wall


def head_may(owner):
    with owner.begin() as connection:
        connection.execute(text("set local role wuji_definer"))
        held = connection.execute(text("select permissions from wuji.role where name = 'head' and tenant_id is null"))
        return set(held.scalar_one())


def test_in_and_out_again(server, workshop, place, tabled):
    name, owner = place
    plugins = workshop.load()
    assert [p.id for p in plugins] == [tabled], plugins.quarantined
    app = server.engine("wuji_app", name)
    assert [one.cause for one in served(app, plugins).quarantined] == ["schema"]
    before = head_may(owner)
    for _again in range(2):
        install_one(owner, plugins, plugins.by_id[tabled])
        with owner.begin() as connection:
            assert differences(connection, declared_wall(plugins)) == []
            assert compare(connection, plugins.by_id[tabled].lineage) == []
            assert pending(connection, plugins.by_id[tabled].lineage) == []
    assert served(app, plugins).quarantined == ()
    assert head_may(owner) - before == {f"{tabled}.thing.read"}
    with owner.begin() as connection:
        assert differences(connection, declared_wall()) == []  # what is not served is not compared
    remove_one(owner, plugins, tabled)
    assert head_may(owner) == before
    assert not is_there(owner, tabled)
    with owner.begin() as connection:
        assert connection.execute(text("select to_regnamespace(:s)"), {"s": f"plugin_{tabled}"}).scalar() is None
        assert differences(connection, declared_wall()) == []
    with server.engine("wuji_system", name).begin() as connection:
        connection.execute(text("select * from wuji.purge()"))  # no rule speaks of a table that is gone


def test_its_wall_holds(server, workshop, place, tabled):
    name, owner = place
    plugins = workshop.load()
    install_one(owner, plugins, plugins.by_id[tabled])
    world = World(server, name)
    for tenant in ("village", "foreign"):
        world.insert(f"plugin_{tabled}.thing", {"tenant_id": world.tenant[tenant], "name": tenant})
    with world.enter("official@street", "street") as transaction:
        assert transaction.all(f"select name from plugin_{tabled}.thing") == ["village"]
        assert transaction.one(f"select plugin_{tabled}.things()") == 1
    with world.enter() as transaction:
        assert transaction.all(f"select name from plugin_{tabled}.thing") == []
    world.close()


def test_another_version_waits_for_its_upgrade(server, workshop, place, tabled):
    name, owner = place
    plugins = workshop.load()
    install(owner, server.seal, plugins)
    with server.connect("wuji_stage", name) as stage:
        stage.execute("update wuji.plugin set version = '0.9.0' where id = %s", [tabled])
    with server.engine("wuji_app", name).connect() as connection:
        (out,) = list_unready(connection, plugins)
    assert "0.9.0" in out.detail
    assert f"wuji plugin install {tabled}" in out.detail


def test_revisions_that_fail_leave_nothing_and_stop_nobody(server, workshop, place, tabled):
    name, owner = place
    path = workshop.folder / tabled / f"wuji_{tabled}" / "migrations" / "0001_things.py"
    path.write_text(
        path.read_text().replace("    op.create_index(", '    op.execute("select 1 / 0")\n    op.create_index(')
    )
    sound = workshop.write()
    plugins = workshop.load()
    failed = install(owner, server.seal, plugins)
    assert [one.id for one in failed] == [tabled]
    assert "division by zero" in failed[0].detail
    with owner.begin() as connection:
        assert connection.execute(text("select to_regnamespace(:s)"), {"s": f"plugin_{tabled}"}).scalar() is None
    left = served(server.engine("wuji_app", name), plugins)
    assert [p.id for p in left] == [sound]


def test_what_cannot_be_read_just_now_keeps_its_permissions(server, workshop, place, tabled):
    _name, owner = place
    plugins = workshop.load()
    install_one(owner, plugins, plugins.by_id[tabled])
    install(owner, server.seal)
    assert f"{tabled}.thing.read" in head_may(owner)


def test_permissions_of_plugins_are_the_programs_own(workshop, tabled):
    assert f"{tabled}.thing.read" in {p.name for p in permissions(workshop.load())}


@pytest.fixture
def run(server, workshop, place):
    """`wuji …` on that database with that folder of plugins."""
    name, owner = place
    program = Program()
    options = load({"WUJI_PLUGINS_DIR": str(workshop.folder)})
    logins = type("L", (), {"app": server.url("wuji_app", name), "seal": server.seal})()
    vars(program).update(options=options, owner=owner, logins=logins)

    def invoke(*arguments, given=None):
        return CliRunner().invoke(main, arguments, obj=program, input=given)

    return invoke


def test_by_hand(run, workshop, tabled):
    broken = workshop.write(before="import weather_of_yesterday")
    listed = run("plugin", "list")
    assert listed.exit_code == 0, listed.output
    assert "quarantined" in listed.output
    assert run("plugin", "check", broken).exit_code == 1
    assert "weather_of_yesterday" in run("plugin", "check", broken).output
    assert run("plugin", "check", "nobodys_plugin").exit_code == 1
    done = run("plugin", "install", tabled)
    assert done.exit_code == 0, done.output
    assert run("plugin", "install", broken).exit_code == 1
    asked = run("plugin", "remove", tabled, given="n\n")
    assert "Nothing was changed" in asked.output
    gone = run("plugin", "remove", tabled, "--yes")
    assert gone.exit_code == 0, gone.output
    again = run("plugin", "remove", tabled, "--yes")
    assert again.exit_code == 1
    assert "nothing was changed" in again.output


def test_the_owner_sees_what_is_installed(run, tabled):
    """FORCE shows the owner no rows: without the definer every plugin would seem to be missing."""
    assert run("plugin", "install", tabled).exit_code == 0
    said = run("db", "check")
    assert said.exit_code == 0, said.output
    assert run("plugin", "remove", tabled, "--yes").exit_code == 0
    missing = run("db", "check")
    assert missing.exit_code == 1
    assert f"plugin {tabled}: it is not installed" in missing.output


def test_check_asks_for_labels(run, tabled):
    said = run("plugin", "check", tabled)
    assert said.exit_code == 1
    assert f"{tabled}.permission.thing.read is missing" in said.output


def test_what_another_one_needs_stays(run, workshop):
    base = workshop.write()
    top = workshop.write(manifest=f"needs = ['{base}']")
    assert f"{top} needs it" in run("plugin", "remove", base, "--yes").output
