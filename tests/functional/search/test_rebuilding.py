"""The index is made what the rows say, and proven to be, while people go on working."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from click.testing import CliRunner

from wuji.cli import main
from wuji.cli.acting import ActingProgram
from wuji.files.models import File
from wuji.journal.services import record
from wuji.search.registry import Search
from wuji.search.services.rebuilding import reindex, verify
from wuji.work.services import system_door

SPOIL = {
    "missing": "delete from wuji.search_document where kind = 'file' and id = %s",
    "stale": "update wuji.search_document set title = 'x' where kind = 'file' and id = %s",
    "stale words": "update wuji.search_document set words = words[2:] where kind = 'file' and id = %s",
    "stale access": "update wuji.search_document set access = access || 8 where kind = 'file' and id = %s",
    "stale completion": "delete from wuji.search_suggestion where kind = 'file' and id = %s",
    "extra": "delete from wuji.file where id::text = %s",
}


@pytest.fixture
def system(server):
    engine = server.engine("wuji_system", server.shared)
    yield engine
    engine.dispose()


@pytest.fixture
def rebuild(finder, system):
    """(how many were written, what still differs) below the city."""

    def run(kind="file", at="city"):
        chosen = finder.deployment.part(Search).kinds[kind]
        with system_door(system, "test", tenant_id=finder.world.tenant[at], hold="1 minute") as door:
            found = verify(finder.deployment, door, chosen, advance_nothing)
            written = reindex(finder.deployment, door, chosen, advance_nothing)
            after = verify(finder.deployment, door, chosen, advance_nothing)
        assert after.wrong == []
        assert (after.row_sum, after.rows) == (after.document_sum, after.documents)
        return found, written

    return run


def advance_nothing(_rows):
    pass


@pytest.mark.parametrize("spoilt", SPOIL)
def test_what_differs_is_named_and_mended(finder, rebuild, spoilt):
    notes = [finder.note(f"水稻{n}", crops="稻", days=n) for n in range(5)]
    finder.world.run(SPOIL[spoilt], notes[2])
    found, written = rebuild()
    assert getattr(found, spoilt.split()[0]) == found.wrong == [notes[2]]
    assert found.row_sum != found.document_sum
    assert written == 1
    assert len(finder.titles("水稻")) == (4 if spoilt == "extra" else 5)


def test_a_tree_that_was_made_behind_searchs_back(finder, rebuild):
    found, written = rebuild("tenant")
    assert len(found.missing) == written == 7
    assert finder.titles("grid") == ["grid"]
    found, written = rebuild("tenant")
    assert (found.wrong, written) == ([], 0)


def test_only_below_the_tenant(finder, rebuild):
    _, written = rebuild("tenant", "village")
    assert written == 2
    assert finder.titles("sibling") == []


def test_whoever_deletes_meanwhile_wins(finder, system):
    """A rebuild has read the row and not yet written it; its deletion commits; nothing comes back."""
    note = finder.note("水稻")
    finder.world.run(SPOIL["missing"], note)
    search = finder.deployment.part(Search)
    reading, deleted = Event(), Event()
    kind = search.kinds["file"]

    def slow(session, ids):
        documents = kind.read(session, ids)
        if "hold" in session.info:
            reading.set()
            assert not deleted.wait(0.3)  # the deletion waits for us, not we for it
        return documents

    slowed = replace(kind, read=slow)

    def delete():
        assert reading.wait(10)
        remove(finder, note)
        deleted.set()

    with (
        ThreadPoolExecutor(1) as pool,
        system_door(system, "test", tenant_id=finder.world.tenant["city"], hold="1 minute") as door,
    ):
        done = pool.submit(delete)
        held = search.backend.hold

        def hold(session, name, ids):
            session.info["hold"] = True
            return held(session, name, ids)

        quick = replace(search, backend=_Held(search.backend, hold))
        slowly = replace(finder.deployment, parts={**finder.deployment.parts, Search: quick})
        reindex(slowly, door, slowed, advance_nothing)
        done.result(10)
    assert finder.titles("水稻", "official@city", "city") == []
    assert finder.world.one("select dropped_at is not null from wuji.search_document where id = %s", note)


def remove(finder, note):
    with finder.deployment.work(finder.world.door("official@village", "village")) as session:
        session.delete(session.get(File, note))
        record(session, "test.note.remove", "file", note, tenant_id=finder.world.tenant["village"])


class _Held:
    """A backend whose `hold` is told of."""

    def __init__(self, backend, hold):
        self._backend, self.hold = backend, hold

    def __getattr__(self, name):
        return getattr(self._backend, name)


@pytest.fixture
def run(finder, system):
    """`wuji search …` on the test server."""

    def invoke(*words):
        program = ActingProgram()
        vars(program).update(deployment=finder.deployment, system=system)
        return CliRunner().invoke(main, ["search", *words], obj=program)

    return invoke


def test_the_command_line(finder, run):
    note, code = finder.note("水稻"), finder.world.code["city"]
    finder.world.run(SPOIL["stale"], note)
    said = run("verify", "--tenant", code, "--kind", "file")
    assert said.exit_code == 1
    assert f"stale: file {note}" in said.output
    said = run("reindex", "--tenant", code)
    assert said.exit_code == 0, said.output
    assert "file: 1 documents written" in said.output
    assert "tenant: 7 documents written" in said.output
    assert run("verify", "--tenant", code).exit_code == 0
    assert "as it should be" in run("reindex", "--tenant", code).output
    jobs = "select distinct state from wuji.job where tenant_id = %s and kind like 'cli:%%'"
    assert finder.world.run(jobs, finder.world.tenant["city"]).fetchall() == [("done",)]


@pytest.mark.parametrize("words", [("--tenant", "000"), ("--kind", "nothing")])
def test_the_command_line_says_what_is_not_there(run, words):
    for command in ("verify", "reindex"):
        said = run(command, *words)
        assert said.exit_code == 2
        assert words[0] in said.output
