"""Reading the SQL files: what has the form is read whole, what has not is refused with its file."""

from pathlib import Path

import pytest

from wuji.kit.rowsec.functions import read

PLAIN = """-- What it is for.
-- to: wuji_app wuji_system
create function wuji.plain(a int, b text[]) returns bigint language sql immutable parallel safe as
$$ select 1 $$;
"""
DEFINER = """-- to:
create function wuji.guarded(code text) returns table(id int, name text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  return query select 1, 'x;' where code = '()';
end $$;
"""


@pytest.fixture
def file(tmp_path: Path):
    def write(*texts: str) -> list[Path]:
        paths = []
        for number, source in enumerate(texts):
            paths.append(tmp_path / f"{number}.sql")
            paths[-1].write_text(source, encoding="utf-8")
        return paths

    return write


def test_plain_and_definer(file):
    plain, guarded = read(file(PLAIN + "\n" + DEFINER))
    assert (plain.name, plain.args, plain.to) == ("plain", ("a", "b"), ("wuji_app", "wuji_system"))
    assert (plain.definer, plain.owner, plain.body) == (False, "wuji_owner", " select 1 ")
    assert (guarded.name, guarded.args, guarded.to) == ("guarded", ("code",), ())
    assert (guarded.definer, guarded.owner) == (True, "wuji_definer")
    assert guarded.body.strip().startswith("begin")


def test_the_line_that_a_catalogue_shows(file):
    plain, guarded = read(file(PLAIN, DEFINER))
    assert plain.line.startswith("function plain(a,b) owner=wuji_owner definer=False i s set= body=")
    assert plain.line.endswith(" to=wuji_app,wuji_system")
    assert "owner=wuji_definer definer=True s u set=pg_catalog, wuji, pg_temp body=" in guarded.line
    assert guarded.line.endswith(" to=")


def test_another_body_is_another_line(file):
    first, second = read(file(PLAIN))[0], read(file(PLAIN.replace("select 1", "select 2")))[0]
    assert first.line != second.line


def test_a_definer_function_is_made_by_the_definer_and_taken_from_everybody(file):
    statements = list(read(file(DEFINER))[0].statements())
    assert statements[0] == "set local role wuji_definer"
    assert statements[-1] == "set local role none"
    assert any(s.startswith("create or replace function wuji.guarded(code text)") for s in statements)
    assert "revoke all on function wuji.guarded from public, wuji_owner, wuji_app, wuji_system, wuji_live" in statements
    assert not any(s.startswith("grant") for s in statements)
    granted = list(read(file(PLAIN))[0].statements())
    assert "grant execute on function wuji.plain to wuji_app, wuji_system" in granted
    assert not any("role" in s for s in granted)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN.replace("-- to: wuji_app wuji_system\n", ""), "create function wuji.plain"),
        (PLAIN.replace("wuji.plain", "plain"), "create function plain"),
        (PLAIN.replace("create function", "create or replace function") + PLAIN, "create or replace function"),
        (PLAIN + "grant select on wuji.file to public;\n", "grant select on wuji.file to public"),
        (PLAIN.replace("$$;", "$$"), "create function wuji.plain"),
        (PLAIN.replace("-- to: wuji_app", "-- to: wuji_web"), "plain: no such login wuji_web"),
        (PLAIN.replace("-- to: wuji_app", "-- to: public"), "plain: no such login public"),
        (PLAIN + PLAIN, "functions named twice: plain"),
    ],
)
def test_what_has_not_the_form(file, text, words):
    with pytest.raises(ValueError, match=words):
        read(file(text))


def test_twice_in_two_files(file):
    with pytest.raises(ValueError, match="named twice: plain"):
        read(file(PLAIN, PLAIN))
