"""The test kit itself: what it says of the tree is what the database says."""

from wuji.kit.db.model import walls
from wuji.testing import TREE, World, factories
from wuji.testing.plugins import loaded_plugins

KINDS = {"tenant", "downward", "account", "inbox"}


def test_every_walled_table_has_one_factory():
    """Of the core and of every plugin that is loaded; other tests' own plugins are not looked at."""
    schemas = {"wuji", *(plugin.schema for plugin in loaded_plugins())}
    walled = {name for schema in schemas for name, wall in walls(schema=schema).items() if wall.kind in KINDS}
    assert {table for table in factories if walls()[table].kind != "system"} == walled


def test_every_factory_makes_a_row_at_every_tenant(world: World):
    for made in factories.values():
        keys = [made(world, name) for name in world.tenant]
        assert all(keys), made.table


def test_the_tree_lies_as_the_kit_says(world: World):
    rows = world.run("select id, level, ancestors from wuji.tenant where id = any(%s)", list(world.tenant.values()))
    there = {number: (level, ancestors) for number, level, ancestors in rows}
    for name, _parent, level in TREE:
        assert there[world.tenant[name]] == (level, [world.tenant[above] for above in world.path(name)])
    assert len(world.code["city"]) == 4
    assert [len(world.code[name]) for name in ("district", "street", "village", "grid", "foreign")] == [
        6,
        9,
        12,
        15,
        12,
    ]
    assert len(set(world.code.values())) == len(TREE)
