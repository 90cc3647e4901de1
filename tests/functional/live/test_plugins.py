"""Topics of a plugin: told where it is active, of what everybody may know."""

import pytest


def happen(world, verb, tenant):
    statement = "select wuji.journal_add(%s, 'agri_tips.tip', '1', %s, null, null, null, null)"
    world.run(statement, f"agri_tips.tip.{verb}", world.tenant[tenant])


def test_what_is_published_is_told_in_the_whole_tree_and_a_draft_is_not(world, listen):
    topic = f"agri_tips.tips@{world.code['village']}"
    early, page = listen("anonymous", topic), listen("anonymous", topic)
    foreign = listen("anonymous", f"agri_tips.tips@{world.code['foreign']}")
    happen(world, "begin", "village")
    with pytest.raises(TimeoutError):
        early.next(1.2)
    happen(world, "publish", "sibling")
    assert list(page.next()[1]) == [topic]
    with pytest.raises(TimeoutError):
        foreign.next(1.2)


def test_where_a_plugin_is_switched_off_its_topics_are_absent(world, listen):
    here, there = (f"agri_tips.tips@{world.code[name]}" for name in ("village", "foreign"))
    page = listen("anonymous", here, there)
    world.rule("village", "agri_tips", rule="forbid")
    world.run("select wuji.journal_add('a.b.c', 'plugin_rule', 'agri_tips', null, null, null, null, null)")
    assert page.next(8) == ("message", {here: None})
    assert listen("anonymous", here).status == 404
    happen(world, "publish", "foreign")
    assert list(page.next()[1]) == [there]
