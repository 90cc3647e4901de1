"""The tree: who may add, rename, recode and suspend what, and where it comes to lie."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from wuji.testing import Transaction, World

ADD = "select wuji.tenant_add(%s, %s, '', %s, %s, %s)"
SLOTS = (9999, 999, 999, 9999, 9999)


@pytest.fixture
def add(world: World):
    """As somebody acting somewhere: adds a tenant, named after its code."""

    def run(
        tx: Transaction, parent: str | None, code: str, level: int | None = None, category: str = "territory"
    ) -> int:
        number: int = tx.one(ADD, parent and world.tenant[parent], code, f"{code}-{world.mark}", level, category)
        return number

    return run


def places(tx: Transaction, *numbers: int) -> dict[int, tuple[int, int, int, int]]:
    rows = tx.execute("select id, pos, pos_hi, level, parent_id from wuji.tenant where id = any(%s)", list(numbers))
    return {row[0]: row[1:] for row in rows}


def test_a_root_of_any_level(world: World, add):
    with world.enter("operator", None) as tx:
        city, village = add(tx, None, "root"), add(tx, None, "lone", 4)
        there = places(tx, city, village)
    assert (there[city][2], there[village][2]) == (1, 4)
    assert all(lo % 10**14 == 0 and 0 < lo < 10**18 for lo, _, _, _ in there.values())
    assert there[city][1] - there[city][0] == 10**14 - 1
    assert there[village][1] - there[village][0] == 10**4 - 1


def test_levels(world: World, add):
    with world.enter("official@city", "city") as tx:
        street, village = add(tx, "city", "street", 3), add(tx, "city", "village", 4)
        bureau, school = add(tx, "city", "bureau", None, "agency"), add(tx, "village", "school", 2, "school")
        there = places(tx, street, village, bureau, school)
        lo, hi = tx.row("select pos, pos_hi from wuji.tenant where id = %s", world.tenant["city"])
    assert [there[number][2] for number in (street, village, bureau, school)] == [3, 4, 2, 5]
    assert all(lo < first <= last <= hi for first, last, _, _ in there.values())
    ranges = sorted(row[:2] for row in there.values())
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@pytest.mark.parametrize(
    ("parent", "level", "category"),
    [
        ("grid", None, "territory"),
        ("grid", None, "school"),
        ("street", 2, "territory"),
        ("street", 3, "territory"),
        ("street", 6, "territory"),
        ("street", 4, "club"),
    ],
)
def test_what_cannot_stand_there(world: World, parent, level, category):
    with world.enter("official@city", "city") as tx:
        assert tx.refused(ADD, world.tenant[parent], "x", f"x{world.mark}", level, category) == "23514"


def test_who_may_add(world: World):
    cases = (
        ("official@city", "city", "street", None),
        ("official@street", "street", "street", None),
        ("official@village", "village", "street", "42501"),
        ("official@village", "village", "sibling", "42501"),
        ("official@street", "village", "street", "42501"),  # the part bound at the door, not all that the account holds
        ("clerk", "village", "village", "42501"),
        ("resident", "village", "village", "42501"),
        ("anonymous", "village", "village", "42501"),
        ("operator", None, "street", "42501"),
        ("operator", None, None, None),
        ("official@city", "city", None, "42501"),
        ("official@other", "other", "city", "42501"),
        (None, None, "city", "42501"),
    )
    for who, at, parent, state in cases:
        with world.enter(who, at) as tx:
            number = parent and world.tenant[parent]
            assert tx.refused(ADD, number, "x", f"x{world.mark}", None, "territory") == state, (who, at, parent)


def test_a_code_that_counts_now_is_unique_in_the_deployment(world: World):
    with world.enter("official@city", "city") as tx:
        for taken in ("other", "village"):
            assert tx.refused(ADD, world.tenant["city"], "x", world.code[taken], None, "territory") == "23505"
        for code in ("", "x" * 33):
            assert tx.refused(ADD, world.tenant["city"], "x", code, None, "territory") == "23514"


@pytest.mark.parametrize("level", [2, 3, 4, 5])
def test_the_last_slot(world: World, level):
    """Slots are never reused, so they can run out; the error says so, and nobody is placed into a neighbour's range."""
    world.run("update wuji.tenant set next_child[%s] = %s where id = %s", level, SLOTS[level - 1], world.tenant["city"])
    with world.enter("official@city", "city") as tx:
        row = tx.one(ADD, world.tenant["city"], "last", f"last{world.mark}", level, "territory")
        assert places(tx, row)[row][1] <= tx.one("select pos_hi from wuji.tenant where id = %s", world.tenant["city"])
        assert tx.refused(ADD, world.tenant["city"], "more", f"more{world.mark}", level, "territory") == "23514"
        assert "no free place" in str(tx.error)


def test_two_at_once_get_two_places(world: World):
    def one(number: int) -> int:
        with world.enter("official@city", "city") as tx:
            made: int = tx.one(
                ADD, world.tenant["district"], f"at once {number}", f"{number}-{world.mark}", None, "territory"
            )
            tx.commit()
        return made

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    rows = world.run(
        "select count(distinct pos), min(parent_id), max(parent_id) from wuji.tenant where id = any(%s)", made
    )
    assert rows.fetchone() == (12, world.tenant["district"], world.tenant["district"])


CHANGES = {
    "rename": "select wuji.tenant_rename(%s, 'new', 'new')",
    "recode": "select wuji.tenant_recode(%s, 'n' || {mark})",
    "suspend": "select wuji.tenant_state_set(%s, 'suspended')",
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes_are_asked_at_the_parent(world: World, change):
    """Nobody renames, recodes or suspends the tenant they stand in."""
    statement = CHANGES[change].replace("{mark}", f"'{world.mark}'")
    cases = (
        ("official@street", "street", "village", None),
        ("official@city", "city", "village", None),
        ("official@village", "village", "village", "42501"),
        ("official@village", "village", "sibling", "42501"),
        ("official@other", "other", "village", "42501"),
        ("official@city", "city", "city", "42501"),
        ("clerk", "village", "grid", "42501"),
        ("resident", "village", "village", "42501"),
        ("operator", None, "city", None),
        ("operator", None, "village", "42501"),
        ("anonymous", "village", "village", "42501"),
        (None, None, "village", "42501"),
    )
    for who, at, which, state in cases:
        with world.enter(who, at) as tx:
            assert tx.refused(statement, world.tenant[which]) == state, (who, at, which)


def test_history(world: World):
    village = world.tenant["village"]
    with world.enter("official@street", "street") as tx:
        tx.execute("select wuji.tenant_rename(%s, '新村', 'xin cun')", village)
        tx.execute("select wuji.tenant_recode(%s, %s)", village, f"n{world.mark}")
        tx.commit()
    with world.enter() as tx:
        assert tx.row("select name, name_key from wuji.tenant where id = %s", village) == ("新村", "xin cun")
        for table, column, old in (("tenant_name", "name", "village"), ("tenant_code", "code", world.code["village"])):
            rows = tx.execute(
                f"select {column}, valid_to is null from wuji.{table} where tenant_id = %s order by 2", village
            )
            assert rows.fetchone() == (old, False)
            assert tx.one(f"select count(*) from wuji.{table} where tenant_id = %s and valid_to is null", village) == 1


def test_states(world: World):
    village = world.tenant["village"]
    change = "select wuji.tenant_state_set(%s, %s)"
    allowed = {("active", "suspended"), ("suspended", "archived"), ("suspended", "active"), ("archived", "active")}
    for before in ("active", "suspended", "archived"):
        for after in ("active", "suspended", "archived", "deleted", ""):
            world.run("update wuji.tenant set state = %s where id = %s", before, village)
            with world.enter("official@street", "street") as tx:
                expected = None if (before, after) in allowed else "23514"
                assert tx.refused(change, village, after) == expected, (before, after)


def test_the_directory_is_public_and_shows_active_tenants_only(world: World):
    world.run("update wuji.tenant set state = 'suspended' where id = %s", world.tenant["grid"])
    mine = "select name from wuji.tenant where id = any(%s)"
    numbers = list(world.tenant.values())
    for who, at, sees in (
        (None, None, False),
        ("anonymous", "village", False),
        ("resident", "village", False),
        ("official@village", "village", True),
        ("official@sibling", "sibling", False),
    ):
        with world.enter(who, at) as tx:
            names = set(tx.all(mine, numbers))
            assert names == set(world.tenant) - (set() if sees else {"grid"}), who
            assert tx.refused("update wuji.tenant set pos_hi = pos_hi") == "42501"
