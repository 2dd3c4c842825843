"""`judge`: any text in, one honest judgement out."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wanhui.language import CAUSES, FLAGS, LANGUAGES, Judgement, UnknownEngine, engine_names, full_name, judge
from wanhui.language.finer import sub_causes
from wanhui.language.split import clauses

COMPLAINTS = [
    "快递等了两个星期才到，箱子都压扁了，客服还不理人",
    "房間很髒，隔音又差，整晚睡不著",
    "Delivery was very late, and the cup arrived broken.",
    "Die Lieferung kam viel zu spät, der Karton war zerdrückt.",
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
REVIEW_LIKE = st.lists(
    st.sampled_from(
        [*COMPLAINTS, "质量很好", "，", "。\n", "但是", "😡", " ", "退款", "12315", "İß", "\0", "&hellip;"]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | ANY_TEXT | REVIEW_LIKE, max_size=5), st.sampled_from([None, 1, 2, 3, 4, 5]))
def test_every_text_gets_a_judgement_whose_codes_and_offsets_are_sound(
    texts: list[str | None], star: int | None
) -> None:
    judged = judge(texts, ratings=[star] * len(texts))
    assert len(judged) == len(texts)
    for text, each in zip(texts, judged, strict=True):
        assert each.language in LANGUAGES
        assert set(each.flags) <= set(FLAGS)
        _has_sound_codes(each)
        _has_sound_evidence(each, text or "")


def _has_sound_codes(judged: Judgement) -> None:
    codes = [cause.code for cause in judged.causes]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(CAUSES)
    assert judged.primary in codes if codes else judged.primary is None
    assert ("unspecific" not in codes) or codes == ["unspecific"]
    assert all(cause.sub is None or cause.sub in sub_causes() for cause in judged.causes)
    assert all(0 <= each.score <= 1 for each in (*judged.causes, *judged.praises))
    assert bool(codes) == (judged.sentiment in ("negative", "mixed"))
    assert judged.no_text == (judged.sentiment is None)


def _has_sound_evidence(judged: Judgement, text: str) -> None:
    spans = clauses(text)
    for each in (*judged.causes, *judged.praises):
        assert list(each.evidence) == sorted(set(each.evidence))
        assert all(any(a <= start < end <= b for a, b in spans) for start, end in each.evidence)
        assert all(text[start:end].strip() == text[start:end] != "" for start, end in each.evidence)
        assert each.evidence or not spans


@settings(max_examples=40, deadline=None)
@given(st.lists(REVIEW_LIKE, min_size=1, max_size=8))
def test_a_batch_says_the_same_as_its_texts_one_by_one(texts: list[str]) -> None:
    assert judge(texts) == [judge([text])[0] for text in texts]


def test_judging_twice_says_the_same_and_keeps_the_order() -> None:
    first = judge(COMPLAINTS)
    assert first == judge(COMPLAINTS)
    assert list(reversed(first)) == judge(list(reversed(COMPLAINTS)))


def test_a_complaint_is_understood_in_four_writings() -> None:
    chinese, traditional, english, german = judge(COMPLAINTS)
    assert {cause.code for cause in chinese.causes} == {"delivery", "damage", "service"}
    assert {"hygiene", "noise"} <= {cause.code for cause in traditional.causes}
    assert {"delivery", "damage"} <= {cause.code for cause in english.causes}
    assert {"delivery", "damage"} <= {cause.code for cause in german.causes}
    assert [each.sentiment for each in (chinese, traditional, english, german)] == ["negative"] * 4


def test_the_evidence_of_a_cause_is_the_clause_that_names_it() -> None:
    text = "鞋子很好看，就是快递太慢了。"
    (judged,) = judge([text])
    assert [text[start:end] for cause in judged.causes for start, end in cause.evidence] == ["就是快递太慢了"]
    assert judged.causes[0].sub == "delivery.slow"


@pytest.mark.parametrize("text", [None, "", " \n", "。。。！", "此用户没有填写评价。", "系统默认好评！"])
def test_a_text_that_says_nothing_has_no_sentiment_and_no_causes(text: str | None) -> None:
    (judged,) = judge([text], ratings=[1])
    assert judged.no_text
    assert judged.sentiment is None
    assert judged.causes == judged.praises == judged.flags == ()


def test_praise_has_no_causes() -> None:
    (judged,) = judge(["质量很好，发货快，客服耐心，非常满意"])
    assert judged.sentiment == "positive"
    assert judged.causes == ()
    assert {praise.code for praise in judged.praises} >= {"quality", "service"}


def test_praise_under_one_star_is_a_contradiction() -> None:
    (judged,) = judge(["味道很好，包装也很用心，下次还来"], ratings=[1])
    assert "contradiction" in judged.flags


def test_a_thumb_up_is_praise_and_a_thumb_down_is_not() -> None:
    up, down = judge(["👍👍", "👎！"])
    assert up.sentiment == "positive"
    assert down.sentiment == "negative"
    assert up.unsure
    assert down.unsure


def test_a_language_that_the_engine_never_learnt_leaves_it_unsure() -> None:
    (judged,) = judge(["La habitación estaba sucia y el personal no ayudó"])
    assert judged.language == "und"
    assert judged.unsure


def test_five_stars_help_to_read_praise_that_speaks_in_negations() -> None:
    (judged,) = judge(["不掉渣，不粘牙，孩子爱吃"], ratings=[5])
    assert judged.sentiment == "positive"
    assert judged.causes == ()


def test_a_text_without_a_star_never_contradicts_it() -> None:
    assert all("contradiction" not in each.flags for each in judge([*COMPLAINTS, "很好，很满意"]))


def test_threats_and_harm_are_flagged() -> None:
    harmed, threatening = judge(["吃完全家上吐下泻，去了医院", "不退款我就打12315投诉，再曝光你们"])
    assert "safety" in harmed.flags
    assert "threat" in threatening.flags


def test_a_very_long_text_is_judged_by_its_beginning() -> None:
    (judged,) = judge(["快递太慢了，" * 10_000])
    assert [cause.code for cause in judged.causes] == ["delivery"]


def test_lengths_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="2 texts came with 1 ratings"):
        judge(["a", "b"], ratings=[1])
    with pytest.raises(ValueError, match="1 texts came with 2 products"):
        judge(["a"], products=["x", "y"])


@pytest.mark.parametrize("star", [0, 6, -1])
def test_a_star_outside_one_to_five_is_refused(star: int) -> None:
    with pytest.raises(ValueError, match="1 to 5 stars"):
        judge(["好"], ratings=[star])


def test_an_unknown_engine_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownEngine, match=engine_names()[0]):
        judge(["好"], engine="linear-1999-01")


def test_a_forced_language_is_kept_and_an_unknown_one_refused() -> None:
    assert judge(["ok"], language="de")[0].language == "de"
    with pytest.raises(ValueError, match="Unknown language 'fr'"):
        judge(["ok"], language="fr")


def test_no_texts_give_no_judgements() -> None:
    assert judge([]) == []


def test_threads_share_one_engine() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(judge, [COMPLAINTS] * 8))
    assert results == [judge(COMPLAINTS)] * 8


@pytest.mark.processes
def test_a_spawned_worker_says_the_same() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(judge, COMPLAINTS).result(timeout=60) == judge(COMPLAINTS)


def test_a_judgement_survives_json() -> None:
    for each in judge([*COMPLAINTS, "很好", None], ratings=[1, 2, 1, 1, 5, None]):
        assert Judgement.from_json(each.to_json()) == replace(each, near=())  # what was nearly said is not part of it


def test_the_json_form_has_the_keys_of_the_contract() -> None:
    (judged,) = judge([COMPLAINTS[0]])
    said = judged.to_json()
    assert list(said) == [
        "language", "no_text", "unsure", "sentiment", "causes", "praises", "primary", "flags", "engine",
    ]  # fmt: skip
    assert list(said["causes"][0]) == ["code", "sub", "score", "evidence"]


@pytest.mark.parametrize("word", ["fast", "accurate"])
def test_an_engine_may_be_called_by_what_it_is_good_for_but_signs_with_its_frozen_name(word: str) -> None:
    (judged,) = judge(["快递太慢了"], engine=word)
    assert judged.engine == full_name(word) in engine_names()
