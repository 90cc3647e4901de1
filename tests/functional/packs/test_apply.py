"""Packs on the real database: all or nothing, twice the same, everything in the journal, and the wall intact."""

from threading import Thread

import pytest

from wuji.cli.packs import carry_out, make_plan, open_pack
from wuji.tenancy.packs.finding import PackError

TREE = (
    "select c.code, t.name, t.level, t.pos, t.pos_hi, t.parent_id, p.level, n.name, x.id is not null "
    "from wuji.tenant t join wuji.tenant_code c on c.tenant_id = t.id and c.valid_to is null "
    "join wuji.tenant_place p on p.tenant_id = t.id join wuji.tenant_name n on n.tenant_id = t.id and n.valid_to is null "
    "join wuji.tenant_profile x on x.tenant_id = t.id and x.pos = t.pos where c.code like %s order by c.code"
)
JOURNAL = (
    "select j.verb, c.code, j.reason from wuji.journal_record j join wuji.tenant t on t.id = j.tenant_id "
    "join wuji.tenant_code c on c.tenant_id = t.id and c.valid_to is null where c.code like %s order by j.verb, c.code"
)
EVERYTHING = (
    "select md5(string_agg(x::text, '|' order by x::text)) from wuji.{} x "
    "where {} in (select tenant_id from wuji.tenant_code where code like %s)"
)
HELPER = '[[role]]\nname = "helper"\nlabel = { zh-CN = "帮手", en = "Helper" }\n'
TABLES = (
    ("tenant", "id"),
    ("tenant_code", "tenant_id"),
    ("tenant_name", "tenant_id"),
    ("tenant_place", "tenant_id"),
    ("tenant_profile", "tenant_id"),
    ("role", "tenant_id"),
    ("journal_record", "tenant_id"),
)


@pytest.fixture
def tree(world, folder):
    def read(statement=TREE):
        return world.run(statement, f"{folder.code}%").fetchall()

    return read


@pytest.fixture
def fingerprint(world, folder):
    def take():
        return [world.one(EVERYTHING.format(*table), f"{folder.code}%") for table in TABLES]

    return take


@pytest.fixture
def second(make_program, server):
    return make_program(server.shared)


def apply(program, folder):
    pack = open_pack(program, folder.path)
    plan = make_plan(program, pack)
    carry_out(program, pack, plan)
    return plan


def test_a_new_tree_stands_as_the_pack_says(program, folder, tree):
    folder.add("01001002", "03", "03001")
    apply(program, folder)
    rows = {row[0].removeprefix(folder.code): row for row in tree()}
    assert list(rows) == ["", "01", "01001", "01001001", "01001001001", "01001002", "02", "03", "03001"]
    assert [row[2] for row in rows.values()] == [1, 2, 3, 4, 5, 4, 2, 2, 3]
    for end, row in rows.items():
        above = [other for code, other in rows.items() if end.startswith(code) and code != end]
        assert all(a[3] < row[3] <= row[4] <= a[4] for a in above), end
        assert row[6:] == (row[2], row[1], True)
    positions = [row[3] for row in rows.values()]
    assert positions == sorted(set(positions))


def test_every_tenant_has_its_record_in_the_journal(program, folder, tree):
    apply(program, folder)
    records = tree(JOURNAL)
    assert {verb for verb, *_ in records} == {"tenancy.tenant.add"}
    assert [code for _, code, _ in records] == [row[0] for row in tree()]
    assert {reason for *_, reason in records} == {program.reason}


def test_projectors_hear_of_every_tenant(program, folder, tree):
    heard = []
    program.deployment.projectors["tenant"] = [lambda _session, recorded: heard.append(recorded)]
    apply(program, folder)
    assert len(heard) >= len(tree())
    assert {recorded.tenant_id for recorded in heard if recorded.tenant_id} == {
        int(recorded.subject_id) for recorded in heard
    }


def test_the_second_time_there_is_nothing_to_do(program, folder, fingerprint):
    folder.root(description="first")
    (folder.path / "roles.toml").write_text(
        HELPER
        + 'reach = "subtree"\nclass = "member"\npermissions = ["tenancy.profile.write", "tenancy.profile.read"]\n'
    )
    assert not apply(program, folder).empty
    before = fingerprint()
    assert make_plan(program, open_pack(program, folder.path)).empty
    apply(program, folder)
    assert fingerprint() == before


def test_a_plan_changes_nothing(program, folder, fingerprint):
    before = fingerprint()
    make_plan(program, open_pack(program, folder.path))
    assert fingerprint() == before
    apply(program, folder)
    folder.add("04")
    before = fingerprint()
    plan = make_plan(program, open_pack(program, folder.path))
    assert [row.code for row in plan.diff.added] == [f"{folder.code}04"]
    assert fingerprint() == before


def test_later_tenants_and_new_names_are_taken_over(program, folder, tree):
    apply(program, folder)
    folder.names[f"{folder.code}02"] = "新名"
    folder.add("02001")
    plan = apply(program, folder)
    assert [(r.was, r.row.name) for r in plan.diff.renamed] == [("名02", "新名")]
    rows = {row[0].removeprefix(folder.code): row for row in tree()}
    assert rows["02"][1] == rows["02"][7] == "新名"
    assert rows["02"][3] < rows["02001"][3] <= rows["02"][4]
    records = [(verb, code.removeprefix(folder.code)) for verb, code, _ in tree(JOURNAL)]
    assert records.count(("tenancy.tenant.rename", "02")) == 1
    assert records.count(("tenancy.tenant.add", "02001")) == 1


def test_what_the_pack_no_longer_has_is_left_alone(program, folder, fingerprint):
    apply(program, folder)
    before = fingerprint()
    del folder.names[f"{folder.code}02"]
    folder.write()
    assert apply(program, folder).diff.missing == [f"{folder.code}02"]
    assert fingerprint() == before


def test_words_and_colours_of_the_root(program, folder, world):
    folder.root(description="关于")
    theme = folder.path / "theme"
    theme.mkdir()
    (theme / "tokens.toml").write_text('[light]\nbrand = "#123456"\n')
    apply(program, folder)
    root = world.one("select tenant_id from wuji.tenant_code where code = %s", folder.code)
    assert world.run("select about, theme from wuji.tenant_profile where tenant_id = %s", root).fetchone() == (
        "关于",
        {"light": {"brand": "#123456"}},
    )


def test_roles_become_data_of_the_root(program, folder, world):
    roles = folder.path / "roles.toml"
    said = HELPER + 'class = "official"\npermissions = []\nreach = "{}"\n'
    roles.write_text(said.replace("{}", "subtree"))
    apply(program, folder)
    roles.write_text(said.replace("{}", "audience"))
    assert [role.name for role in apply(program, folder).roles] == ["helper"]
    found = world.run(
        "select r.label, r.labels, r.reach, r.class, r.permissions from wuji.role r "
        "join wuji.tenant_code c on c.tenant_id = r.tenant_id where c.code = %s",
        folder.code,
    ).fetchall()
    assert found == [("帮手", {"zh-CN": "帮手", "en": "Helper"}, "audience", 3, [])]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.names.pop(f"{f.code}01001"), "parent"),
        (lambda f: (f.path / "tenants.csv").write_text("x"), "first line"),
    ],
)
def test_a_wrong_pack_changes_nothing(program, folder, fingerprint, change, said):
    before = fingerprint()
    change(folder)
    if said == "parent":
        folder.write()
    with pytest.raises(PackError, match=said):
        apply(program, folder)
    assert fingerprint() == before


def lines(error):
    return [(finding.file, finding.line) for finding in error.value.findings]


def test_what_a_pack_cannot_do_is_refused_with_its_line(program, folder, fingerprint):
    apply(program, folder)
    before = fingerprint()
    text = (folder.path / "tenants.csv").read_text()
    code = folder.code
    moved = text.replace(f"{code}01001001,{code}01001,community", f"{code}01001001,{code}01,community")
    (folder.path / "tenants.csv").write_text(moved)
    with pytest.raises(PackError, match="moves nothing") as error:
        apply(program, folder)
    assert lines(error) == [("tenants.csv", 4)]
    (folder.path / "tenants.csv").write_text(text)
    folder.root(name="别名")
    with pytest.raises(PackError, match="renamed by the operator") as error:
        apply(program, folder)
    assert fingerprint() == before


def test_codes_of_another_tree_and_former_codes_are_refused(program, folder, tmp_path, world):
    apply(program, folder)
    other = type(folder)(tmp_path / "other")
    other.add("01")
    text = (other.path / "tenants.csv").read_text()
    world.run(
        "select wuji.tenant_make(null, 'x', 'x', %s, 2, 'territory')", f"{other.code}01"
    )  # somebody's root of level 2
    with pytest.raises(PackError, match="another tree") as error:
        apply(program, other)
    assert lines(error) == [("tenants.csv", 2)]
    assert text == (other.path / "tenants.csv").read_text()
    moved = f"{folder.code}09"
    world.run(
        "with old as (update wuji.tenant_code set valid_to = current_date where code = %s returning tenant_id) "
        "insert into wuji.tenant_code(tenant_id, code) select tenant_id, %s from old",
        f"{folder.code}02",
        moved,
    )
    with pytest.raises(PackError, match=f"became {moved}"):
        apply(program, folder)


def test_a_root_must_be_an_active_root(program, folder, world):
    apply(program, folder)
    world.run(
        "update wuji.tenant set state = 'suspended' where id = (select tenant_id from wuji.tenant_code where code = %s)",
        folder.code,
    )
    with pytest.raises(PackError, match="not an active one"):
        apply(program, folder)


def test_of_two_at_once_one_waits_and_nothing_is_doubled(program, second, folder, tree):
    apply(program, folder)
    folder.names[f"{folder.code}02"] = "新名"
    folder.add("05", "05001", "05001001")
    pack = open_pack(program, folder.path)
    plan = make_plan(program, pack)
    outcomes = run_both(pack, plan, [program, second])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "PackError"]
    verbs = [verb for verb, *_ in tree(JOURNAL)]
    assert verbs.count("tenancy.tenant.rename") == 1
    assert verbs.count("tenancy.tenant.add") == len(tree()) == 9


def test_of_two_who_make_the_same_root_one_does(program, second, folder, tree):
    pack = open_pack(program, folder.path)
    plan = make_plan(program, pack)
    outcomes = run_both(pack, plan, [program, second])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "PackError"]
    assert len(tree()) == 6


def run_both(pack, plan, programs):
    outcomes = []

    def one(program):
        try:
            outcomes.append(carry_out(program, pack, plan))
        except PackError as error:
            outcomes.append(error)

    threads = [Thread(target=one, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
