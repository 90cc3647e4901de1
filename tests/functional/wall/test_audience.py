"""Files with audiences, seen by everybody, written out by hand: it holds what the other tests compute."""

import pytest

from wuji.testing import PEOPLE, World, standing

CLASSES = ("public", "residents", "members", "officials")
SHARED = ("all", "street-public")
VILLAGE = ("village", "grid", "village-residents", "other-officials", "foreign-public")
SIBLING = ("sibling", "niece", "all", "street-public", "street-residents", "street-members", "street-officials")
OFFICIAL = (*SHARED, "street-officials")
READS = {  # (who, acting at): files seen; a plain file is called after its tenant, a shared one after its audience
    (None, None): (),
    ("anonymous", None): ("all",),
    ("anonymous", "village"): SHARED,
    ("anonymous", "sibling"): SHARED,
    ("anonymous", "city"): ("all",),
    ("anonymous", "foreign"): ("all", "foreign-public"),
    ("stranger", "village"): SHARED,
    ("expired", "village"): SHARED,
    ("revoked", "village"): SHARED,
    ("resident", None): ("all",),
    ("resident", "village"): (*SHARED, "street-residents", "village-residents"),
    ("resident", "grid"): (*SHARED, "street-residents", "village-residents"),
    ("resident", "street"): (*SHARED, "street-residents"),
    ("resident", "other"): ("all",),
    ("neighbour", "village"): (*SHARED, "street-residents"),
    ("member", "village"): (*SHARED, "street-members"),
    ("clerk", "village"): (*OFFICIAL, *VILLAGE),
    ("official@village", None): ("all",),
    ("official@village", "village"): (*OFFICIAL, *VILLAGE),
    ("official@village", "grid"): (*OFFICIAL, "grid"),
    ("official@village", "sibling"): OFFICIAL,
    ("official@village", "street"): OFFICIAL,
    ("official@village", "city"): ("all",),
    ("official@village", "other"): ("all",),
    ("official@grid", "grid"): (*OFFICIAL, "grid"),
    ("official@grid", "village"): OFFICIAL,
    ("official@sibling", "sibling"): SIBLING,
    ("official@sibling", "village"): OFFICIAL,
    ("official@street", "street"): ("street", *VILLAGE, *SIBLING),
    ("official@street", "village"): (*OFFICIAL, *VILLAGE),
    ("official@city", "city"): ("city", "district", "street", *VILLAGE, *SIBLING),
    ("official@city", "village"): (*OFFICIAL, *VILLAGE),
    ("official@other", "other"): ("other", "foreign", "all", "other-officials"),
    ("official@other", "foreign"): ("foreign", "all", "other-officials", "foreign-public"),
    ("official@foreign", "foreign"): ("foreign", "all", "other-officials", "foreign-public"),
    ("official@other", "village"): SHARED,
    ("operator", None): ("all",),
    ("operator", "village"): SHARED,
}
RANGES = {  # (official of, acting at): the part of the tree that is theirs
    ("village", "village"): {"village", "grid"},
    ("village", "grid"): {"grid"},
    ("street", "street"): {"street", "village", "sibling", "grid", "niece"},
    ("street", "village"): {"village", "grid"},
    ("city", "city"): {"city", "district", "street", "village", "sibling", "grid", "niece"},
    ("other", "other"): {"other", "foreign"},
    ("village", "street"): set(),
    ("village", "sibling"): set(),
    ("city", "other"): set(),
}


@pytest.mark.parametrize(("who", "at"), READS)
def test_files_seen(stage, who, at):
    names = {}
    for key, place in stage.rows["wuji.file"].items():
        shown = [f"{of}-{CLASSES[number]}" if of else "all" for of, number in place.audience]
        names[key] = shown[0] if shown else place.tenant
    with stage.world.enter(who, at) as tx:
        seen = [names[key] for key in tx.all("select id from wuji.file") if key in names]
    assert sorted(seen) == sorted(READS[who, at])


@pytest.mark.parametrize(("official", "at"), RANGES)
def test_ranges_as_computed(stage, official, at):
    assert standing(stage.world, f"official@{official}", at).range == RANGES[official, at]


@pytest.mark.parametrize("who", [who for who, _, _ in PEOPLE])
@pytest.mark.parametrize("at", [None, "city", "street", "village", "sibling", "grid", "other", "foreign"])
def test_what_the_door_signed(stage, who, at):
    """Tokens, range and answer of the door are what the kit computes."""
    world: World = stage.world
    holds = standing(world, who, at)
    with world.enter(who, at) as tx:
        tokens = {world.token(name, number) if name else 0 for name, number in holds.tokens}
        assert set(tx.one("select wuji.scope_tokens()")) == tokens
        lo, hi = tx.row("select wuji.scope_lo(), wuji.scope_hi()")
        assert ((lo, hi) == (0, 0)) is (not holds.range)
        assert (tx.actor.ranged, tx.actor.operator) == (bool(holds.range), holds.operator)
        assert tx.actor.account_id == world.account[who]
        assert (tx.actor.tenant_id, tx.actor.tenant_code) == (world.tenant.get(at), world.code.get(at))


def test_the_audience_of_a_row_holds_classes_0_to_3(stage):
    world = stage.world
    columns = "tenant_id, name, sha256, size, media, owner_kind, owner_id, audience"
    row = f"insert into wuji.file({columns}) values (%s, 'x', sha256('x'), 1, 'x', 'x', 'x', %s)"
    with world.enter("official@village", "village") as tx:
        for audience in ([world.token("other", 4)], [world.token("village", 7)], [None]):
            assert tx.refused(row, world.tenant["village"], audience) == "23514"
        assert tx.refused(row, world.tenant["village"], [0, world.token("other", 3)]) is None


def test_ids_are_ordered_and_of_now(stage):
    with stage.world.enter() as tx:
        made = tx.all("select wuji.new_id() from generate_series(1, 300)")
        now = tx.one("select extract(epoch from clock_timestamp())")
    assert made == sorted(made)
    assert {number.version for number in made} == {7}
    assert all("RFC 4122" in number.variant for number in made)
    assert abs((made[0].int >> 80) / 1000 - float(now)) < 5
