"""Every way a pack can be wrong is named with file, line, and what to do."""

from pathlib import Path

import pytest

from wuji.tenancy.packs.finding import SHOWN, Finding, PackError
from wuji.tenancy.packs.pack import find_description, read_pack

ROOT = 'code = "0001"\nname = "某市"\nlevel = "city"\n\n[source]\nname = "test"\ndate = 2026-01-01\n'
HEADER = "code,parent,level,category,name\n"
ROWS = (
    "000101,0001,district,territory,甲区\n"
    "000101001,000101,street,territory,甲街道\n"
    "000101001001,000101001,community,territory,甲村\n"
)
USCC = "91350100M000100Y43"  # the example of GB 32100-2015
PERMISSIONS = frozenset({"tenancy.tenant.add"})
ROLE = '[[role]]\nname = "helper"\nlabel = {zh-CN = "帮手"}\nreach = "subtree"\nclass = "official"\n'


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "tenant.toml").write_text(ROOT)
    (tmp_path / "tenants.csv").write_text(HEADER + ROWS)
    return tmp_path


def findings(folder: Path) -> list[Finding]:
    with pytest.raises(PackError) as error:
        read_pack(folder, PERMISSIONS)
    return error.value.findings


def only(folder: Path) -> Finding:
    found = findings(folder)
    assert len(found) == 1, found
    return found[0]


def test_a_sound_pack_is_read_as_it_stands(pack):
    (pack / "tenant.toml").write_text('description = "关于"\n' + ROOT)
    (pack / "roles.toml").write_text(ROLE + 'permissions = ["tenancy.tenant.add"]\n')
    (pack / "theme").mkdir()
    (pack / "theme/tokens.toml").write_text('[dark]\nbrand-bg = "#00ff00"\n')
    rows: list[int] = []
    read = read_pack(pack, PERMISSIONS, rows.append)
    assert (read.root.code, read.root.name, read.root.level, read.about) == ("0001", "某市", 1, "关于")
    assert [(row.line, row.code, row.parent, row.level, row.name) for row in read.rows] == [
        (2, "000101", "0001", 2, "甲区"),
        (3, "000101001", "000101", 3, "甲街道"),
        (4, "000101001001", "000101001", 4, "甲村"),
    ]
    assert [(role.name, role.audience_class, role.permissions) for role in read.roles] == [
        ("helper", 3, ("tenancy.tenant.add",))
    ]
    assert read.theme == {"dark": {"brand-bg": "#00ff00"}}
    assert read.source["date"] == "2026-01-01"
    assert not read.warnings
    assert sum(rows) == 3
    assert find_description(pack) == "关于"
    assert find_description(pack / "nowhere") is None


def test_children_may_stand_before_their_parents(pack):
    (pack / "tenants.csv").write_text(HEADER + "".join(reversed(ROWS.splitlines(keepends=True))))
    assert len(read_pack(pack, PERMISSIONS).rows) == 3


@pytest.mark.parametrize(
    ("row", "line", "said"),
    [
        ("000101,0001,district,territory,乙区\n", 5, "stands in line 2 already"),
        ("0001,0001,district,territory,乙区\n", 5, "is the root"),
        ("000102,0009,district,territory,乙区\n", 5, "parent 0009 is neither the root nor a row"),
        ("000101002,000101001,street,territory,乙街道\n", 5, "a street cannot stand below 000101001, a street"),
        ("00010,0001,district,territory,乙区\n", 5, "a code is a division code"),
        ("000102,0001,street,territory,乙街道\n", 5, "the code of a street has 9 digits"),
        ("000202001,000101,street,territory,乙街道\n", 5, "does not begin with 000101"),
        ("000102,0001,distrct,territory,乙区\n", 5, "a level is one of"),
        ("000102,0001,district,office,乙区\n", 5, "a category is one of"),
        ("000102,0001,district,territory,\n", 5, "a name has 1 to 100 characters"),
        ("000102,0001,district,territory, 乙区\n", 5, "no space at either end"),
        (f"000102,0001,district,territory,{'长' * 101}\n", 5, "a name has 1 to 100 characters"),
        ("000102,0001,district,territory,乙\u202e区\n", 5, "invisible characters"),
        ("000102,0001,district,territory\n", 5, "there are 4 fields, not 5"),
        ("000102,0001,district,territory,乙,区\n", 5, "quote a name that has a comma"),
        ('000102,0001,district,territory,"乙区\n', 5, "close the quotes"),
        (f"{'9' * 400},0001,district,territory,乙区\n", 5, "a code is a division code"),
        ("91350100M000100Y44,0001,district,agency,乙局\n", 5, "no 统一社会信用代码"),
        (f"{USCC},0001,street,agency,乙局\n", 5, "one level below its parent, so this is a district"),
        ('\n\n000102,0001,district,territory,"乙\n区"\n', 7, "no control or invisible characters"),
    ],
)
def test_a_row_that_does_not_fit(pack, row, line, said):
    (pack / "tenants.csv").write_text(HEADER + ROWS + row)
    found = only(pack)
    assert (found.file, found.line) == ("tenants.csv", line)
    assert said in found.text
    assert len(str(found)) < 300


def test_an_organisation_and_what_stands_below_it(pack):
    below = f"{USCC},0001,district,agency,甲局\n000103001,{USCC},street,territory,丙街道\n"
    (pack / "tenants.csv").write_text(HEADER + ROWS + below)
    assert len(read_pack(pack, PERMISSIONS).rows) == 5
    (pack / "tenants.csv").write_text(HEADER + ROWS + below.replace("000103", "990103"))
    assert "does not begin with 0001" in only(pack).text


def test_a_cycle_is_named_once_with_all_its_members(pack):
    cycle = "000102001,000102001001,street,territory,乙\n000102001001,000102001,community,territory,丙\n"
    (pack / "tenants.csv").write_text(HEADER + ROWS + cycle)
    found = only(pack)
    assert (found.line, "000102001 → 000102001001 → 000102001" in found.text) == (5, True)


def test_one_that_is_its_own_parent(pack):
    (pack / "tenants.csv").write_text(HEADER + "000102,000102,district,territory,乙区\n" + ROWS)
    found = only(pack)
    assert (found.line, "a cycle: 000102 → 000102" in found.text) == (2, True)


def test_more_children_than_there_are_places(pack):
    rows = "000102,0001,district,territory,乙区\n"
    rows += "".join(f"000102{n:03},000102,street,territory,街{n}\n" for n in range(1000))
    (pack / "tenants.csv").write_text(HEADER + rows)
    found = only(pack)
    assert (found.line, "room for 999 tenants of level street" in found.text) == (1002, True)


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        ((HEADER + ROWS).encode("gbk"), 2, "it looks like GBK: save it as UTF-8"),
        ((HEADER + ROWS).encode() + b"\xff\xff\n", 5, "byte 0xff is not UTF-8; save the file as UTF-8"),
        ((HEADER + ROWS).encode("utf-16"), 1, "it is UTF-16"),
        ((HEADER + ROWS).encode() + b"a\0b\n", 5, "there is a NUL byte"),
        (HEADER.encode() + b"000101,0001,district,territory,\xed\xa0\x80\n", 2, "not UTF-8"),
        (b"", 1, "the first line must be code,parent,level,category,name"),
        (b"name,code\n", 1, "the first line must be code,parent,level,category,name"),
    ],
)
def test_a_file_that_is_no_text(pack, raw, line, said):
    (pack / "tenants.csv").write_bytes(raw)
    found = only(pack)
    assert (found.file, found.line) == ("tenants.csv", line)
    assert said in found.text


def test_a_byte_order_mark_is_only_noted(pack):
    (pack / "tenants.csv").write_text(HEADER + ROWS, encoding="utf-8-sig")
    (pack / "notes.txt").touch()
    read = read_pack(pack, PERMISSIONS)
    assert len(read.rows) == 3
    assert [(w.file, w.line) for w in read.warnings] == [("notes.txt", 0), ("tenants.csv", 1)]


def test_files_that_are_not_there(pack):
    assert "there is no such folder" in only(pack / "nowhere").text
    (pack / "tenants.csv").unlink()
    (pack / "tenant.toml").unlink()
    assert [(f.file, f.line) for f in findings(pack)] == [("tenant.toml", 0), ("tenants.csv", 0)]


def test_limits(pack, monkeypatch):
    monkeypatch.setattr("wuji.tenancy.packs.pack.MOST_ROWS", 2)
    found = only(pack)
    assert (found.file, found.line, "at most 2 rows" in found.text) == ("tenants.csv", 4, True)
    monkeypatch.setattr("wuji.tenancy.packs.reading.MOST_BYTES", 10)
    assert [f.file for f in findings(pack)] == ["tenant.toml", "tenants.csv"]


def test_a_file_wrong_in_every_line_stays_readable(pack):
    (pack / "tenants.csv").write_text(HEADER + "x,y,z,u,v\n" * 2000)
    with pytest.raises(PackError) as error:
        read_pack(pack, PERMISSIONS)
    assert len(str(error.value).splitlines()) == SHOWN + 1


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (ROOT.replace("city", "country"), 3, "a level is one of"),
        (ROOT.replace("0001", "001"), 1, "a code is a division code"),
        (ROOT.replace("0001", "000100"), 1, "the code of a city has 4 digits"),
        (ROOT.replace("2026-01-01", '"yesterday"'), 7, "written 2023-06-30"),
        (ROOT.replace('name = "test"\n', ""), 5, "name is missing"),
        (ROOT.replace('level = "city"\n', "").replace('name = "某市"\n', ""), 1, "name, level is missing"),
        (ROOT.replace("level", "levle"), 3, '"levle" means nothing here'),
        (ROOT + "code =\n", 8, "this is no TOML"),
        (ROOT + 'x = "', 8, "this is no TOML"),
    ],
)
def test_a_root_that_does_not_fit(pack, text, line, said):
    (pack / "tenant.toml").write_text(text)
    assert (line, True) in [(f.line, said in f.text) for f in findings(pack)], findings(pack)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (ROLE + "permissions = []\n\n" + ROLE + "permissions = []\n", 9, "a role is named once"),
        (ROLE + "permissions = []\n\n" + ROLE + 'permissions = ["a.b.c"]\n', 13, "there is no permission a.b.c"),
        (ROLE + 'permissions = ["a"]\n', 6, "feature.thing.verb"),
        (ROLE.replace("official", "boss") + "permissions = []\n", 5, "a class is one of"),
        (ROLE.replace("zh-CN", "en") + "permissions = []\n", 3, "zh-CN is missing"),
        (ROLE, 1, "permissions is missing"),
        ("[role]\n", 1, "[[role]]"),
    ],
)
def test_roles_that_do_not_fit(pack, text, line, said):
    (pack / "roles.toml").write_text(text)
    found = [(f.line, said in f.text) for f in findings(pack) if f.file == "roles.toml"]
    assert (line, True) in found, findings(pack)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[light]\nbrand = "red"\n', 2, "#rrggbb"),
        ('[light]\n\nbrnad = "#000000"\n', 3, '"brnad" means nothing here'),
        ("[sepia]\n", 1, '"sepia" means nothing here'),
        (
            '[light]\nbrand-bg = "#eeeeee"\non-brand = "#1a6d68"\n',
            3,
            "on-brand #1a6d68 on brand #0f625d has a contrast of",
        ),
        ('[dark]\non-brand = "#5fd0c2"\n', 2, "has a contrast of 1.0:1"),
    ],
)
def test_colours_that_do_not_fit(pack, text, line, said):
    (pack / "theme").mkdir()
    (pack / "theme/tokens.toml").write_text(text)
    found = only(pack)
    assert (found.file, found.line, said in found.text) == ("theme/tokens.toml", line, True), found
