"""What somebody typed becomes sets of tokens: one for each way to say it, words where it is long."""

from wuji.search.wording import ALTERNATIVES, read_wording, relax

SAME = {"烂脚瘟": ("纹枯病", "花脚秆")}


def test_a_plain_question():
    wording = read_wording("水稻 防治", [SAME])
    assert wording.sets == (frozenset({"水稻", "防治"}),)
    assert (wording.need, wording.said) == (1, ())


def test_a_local_word_is_looked_for_under_its_other_names():
    wording = read_wording("爛腳瘟怎么治", [SAME])
    assert wording.said == (("烂脚瘟", ("纹枯病", "花脚秆")),)
    assert [terms[0] for terms in wording.terms] == ["烂脚瘟怎么治", "纹枯病怎么治", "花脚秆怎么治"]


def test_ways_to_say_it_are_few():
    many = {f"{one}病": tuple(f"{one}病{n}" for n in "甲乙丙丁戊") for one in "稻麦棉"}
    assert len(read_wording("稻病麦病棉病", [many]).sets) <= ALTERNATIVES


def test_marks_alone_ask_nothing():
    assert read_wording("？！…🌾", [SAME]).sets == ()


def test_a_long_question_can_be_answered_in_part():
    partly = relax(read_wording("水稻得了纹枯病七月怎么防治", []))
    assert partly is not None
    assert partly.need == 2
    assert frozenset({"水稻"}) in partly.sets
    assert relax(read_wording("水稻防治", [])) is None
