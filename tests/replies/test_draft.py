"""Drafts: what they say, what they never say, and that they vary."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wanhui.playbook.loader import book
from wanhui.replies.likeness import likeness
from wanhui.replies.rules import Draft, DraftInput, NamedCause, draft, styles_for, why_no_draft

SLOW = NamedCause("delivery", ("等了九天才送到",))
REPLY_PATHS = [code for code, pack in book().platforms.items() if pack.reply_path.value != "no"]


def slow(**more: object) -> DraftInput:
    usual: dict[str, object] = {
        "text": "等了九天才送到，杯子也裂了",
        "platform": "taobao",
        "causes": (SLOW, NamedCause("damage", ("杯子也裂了",))),
        "sentiment": "negative",
    }
    return DraftInput(**{**usual, **more})  # type: ignore[arg-type]


def by_style(drafts: list[Draft]) -> dict[str, Draft]:
    return {one.style: one for one in drafts}


def test_a_draft_names_what_the_customer_named_and_answers_each_cause() -> None:
    text = by_style(draft(slow()))["friend"].text
    assert "“等了九天才送到”" in text
    assert any(word in text for word in ("破损", "包装"))
    assert "旺旺客服" in text


def test_chinese_drafts_are_short() -> None:
    for seed in range(20):
        for one in draft(slow(seed=seed)):
            assert 45 <= len(one.text) <= 150


def test_the_official_style_leaves_a_gap_for_the_facts_that_the_lint_keeps_back() -> None:
    official = by_style(draft(slow()))["official"]
    assert "【请填：" in official.text
    assert [finding.rule for finding in official.lint.findings if finding.severity == "block"] == ["form.gap"]


def test_a_confirmed_action_takes_the_place_of_the_gap() -> None:
    official = by_style(draft(slow(action="网点说包裹明早出库。")))["official"]
    assert "网点说包裹明早出库。" in official.text
    assert "【" not in official.text


def test_praise_in_a_mixed_review_is_thanked_for() -> None:
    mixed = slow(sentiment="mixed", praises=(NamedCause("quality"),))
    assert "品质" in by_style(draft(mixed))["apology"].text


def test_what_is_complained_of_is_not_thanked_for() -> None:
    mixed = slow(sentiment="mixed", praises=(NamedCause("delivery"),))
    assert "物流的肯定" not in by_style(draft(mixed))["apology"].text


@pytest.mark.parametrize("seed", range(5))
def test_a_good_review_gets_short_thanks_and_no_request(seed: int) -> None:
    good = DraftInput(text="很喜欢", platform="jd", sentiment="positive", praises=(NamedCause("quality"),), seed=seed)
    for one in draft(good, styles=["official", "friend"]):
        assert "品质" in one.text
        assert len(one.text) <= 60
        assert one.lint.clean


def test_praise_under_one_star_is_answered_kindly_without_a_word_on_stars() -> None:
    wrong_star = DraftInput(text="很喜欢", platform="jd", sentiment="positive", stars=1)
    for one in draft(wrong_star):
        assert not any(word in one.text for word in ("星", "评分", "改", "点错")) or "我们来改" in one.text


def test_with_a_safety_flag_it_is_taken_private_at_once_without_diagnosis_or_admission() -> None:
    hurt = slow(flags=frozenset({"safety"}), causes=(NamedCause("quality", ("起了一身疹子",)),))
    drafts = draft(hurt)
    assert {one.style for one in drafts} == {"official", "friend"}
    for one in drafts:
        assert one.lint.clean
        assert "客服" in one.text
        assert not any(word in one.text for word in ("疹", "过敏", "我们的错", "原因是", "质量"))


def test_humour_is_never_offered_where_it_would_hurt() -> None:
    for code in ("hygiene", "authenticity", "aftersales", "service", "damage"):
        assert "humorous" not in styles_for(slow(causes=(NamedCause(code),)))
    for flag in ("safety", "threat", "demand", "churn"):
        assert "humorous" not in styles_for(slow(causes=(SLOW,), flags=frozenset({flag})))


def test_a_sharp_style_does_not_exist() -> None:
    with pytest.raises(ValueError, match="no style “sharp”"):
        draft(slow(), styles=["sharp"])


def test_a_plaintive_draft_carries_its_warning() -> None:
    assert "反感" in by_style(draft(slow()))["plaintive"].warning


def test_otto_gets_no_draft_and_the_reason() -> None:
    german = slow(platform="otto", language="de")
    assert draft(german) == []
    assert "OTTO nimmt keine öffentliche Antwort an" in why_no_draft(german)
    assert draft(slow(platform="otto", channel="private")) == []


def test_a_review_without_text_gets_no_draft() -> None:
    silent = DraftInput(text="。", platform="jd")
    assert draft(silent) == []
    assert "没有文字" in why_no_draft(silent)


RUDE = ["垃圾骗子店", "黑心商家", "再也不来了", "像假货", "退钱12315", "13800138000", "太差了", "好评返现", "你妈的"]


@pytest.mark.parametrize("words", RUDE)
def test_words_not_fit_for_repeating_are_not_quoted(words: str) -> None:
    for one in draft(slow(causes=(NamedCause("quality", (words,)),))):
        assert words not in one.text
        assert "“" not in one.text


def test_a_quote_is_never_longer_than_twelve_characters_nor_cut_in_the_middle() -> None:
    long = NamedCause("quality", ("这个杯子的把手用了两天就整个掉下来了", "掉把手"))
    assert "“掉把手”" in by_style(draft(slow(causes=(long,))))["friend"].text


def test_the_same_input_gives_the_same_drafts_and_another_seed_others() -> None:
    assert draft(slow(seed=4)) == draft(slow(seed=4))
    assert len({by_style(draft(slow(seed=seed)))["friend"].text for seed in range(12)}) > 6


def test_no_text_comes_twice_in_a_row() -> None:
    for causes in ((SLOW,), ()):
        recent: tuple[str, ...] = ()
        for _ in range(30):
            text = by_style(draft(slow(causes=causes, recent=recent)))["friend"].text
            assert text != (recent[0] if recent else None)
            recent = (text, *recent)


@pytest.mark.parametrize("seed", range(10))
def test_where_there_are_only_two_wordings_the_newest_is_still_not_repeated(seed: int) -> None:
    hurt = slow(flags=frozenset({"safety"}))
    both = sorted({by_style(draft(replace(hurt, seed=each)))["official"].text for each in range(20)})
    assert len(both) == 2
    for recent in (tuple(both), tuple(reversed(both))):
        assert by_style(draft(replace(hurt, seed=seed, recent=recent)))["official"].text == recent[1]


@pytest.mark.parametrize("seed", range(10))
def test_the_opening_of_the_last_reply_is_not_used_again(seed: int) -> None:
    before = by_style(draft(slow(seed=seed)))["friend"].text
    after = by_style(draft(slow(seed=seed, recent=(before,))))["friend"].text
    assert after.split("。")[0] != before.split("。")[0]


def test_fifty_drafts_for_the_same_complaint_do_not_read_alike() -> None:
    texts = [by_style(draft(slow(seed=seed)))["friend"].text for seed in range(50)]
    pairs = list(itertools.combinations(texts, 2))
    mean = sum(likeness(one, other) for one, other in pairs) / len(pairs)
    print(f"mean likeness of fifty drafts: {mean:.2f}")
    assert mean < 0.7


def test_traditional_chinese_is_answered_in_traditional_chinese() -> None:
    text = by_style(draft(slow(language="zh-Hant", text="等太久", causes=(NamedCause("delivery", ("等太久",)),))))
    assert "請" in text["friend"].text
    assert "请" not in text["friend"].text
    assert [f.rule for f in text["official"].lint.findings if f.severity == "block"] == ["form.gap"]


@pytest.mark.parametrize(("language", "word"), [("de", "Sie"), ("en", "you")])
def test_german_and_english_reviews_are_answered_in_their_language(language: str, word: str) -> None:
    drafts = draft(slow(language=language, platform="google", store_kind="hotel", causes=(NamedCause("noise"),)))
    assert {one.style for one in drafts} == {"apology", "official", "friend"}
    assert all(word.lower() in one.text.lower() for one in drafts)


def test_a_short_product_name_and_our_case_number_may_be_named_and_an_order_number_never() -> None:
    named = {by_style(draft(slow(product_name="青瓷杯", seed=seed)))["official"].text for seed in range(30)}
    assert any("“青瓷杯”" in text for text in named)
    long = slow(product_name="青瓷杯高端商务礼盒装送礼佳品家用办公两用", case_ref="202611210001234567", seed=1)
    for seed in range(30):
        assert "礼盒" not in by_style(draft(replace(long, seed=seed)))["official"].text
        assert "2026112" not in draft(replace(long, seed=seed, channel="private"))[0].text
    private = {draft(slow(channel="private", case_ref="C-41", seed=seed))[0].text for seed in range(30)}
    assert any("C-41" in text for text in private)


def test_a_private_message_asks_and_leaves_the_offer_to_a_person() -> None:
    (message,) = draft(slow(channel="private"))
    assert "【请填：" in message.text
    assert "评价" not in message.text


CODES = st.lists(st.sampled_from(list(book().causes)), max_size=4, unique=True)
INPUTS = st.builds(
    DraftInput,
    text=st.just("这次不太好"),
    platform=st.sampled_from(REPLY_PATHS),
    language=st.sampled_from(["zh-Hans", "zh-Hant", "en", "de", "und"]),
    causes=CODES.map(lambda codes: tuple(NamedCause(code, ("送了九天", "the lid is broken")) for code in codes)),
    praises=CODES.map(lambda codes: tuple(NamedCause(code) for code in codes)),
    sentiment=st.sampled_from(["negative", "mixed", "positive", None]),
    flags=st.sets(st.sampled_from(list(book().flags)), max_size=2).map(frozenset),
    stars=st.sampled_from([None, 1, 2, 3, 5]),
    store_kind=st.sampled_from(["goods", "hotel"]),
    seed=st.integers(0, 10_000),
    channel=st.sampled_from(["public", "private"]),
)
MONEY = ("返现", "红包", "赔偿", "补偿", "优惠券", "元", "Gutschein", "Euro", "voucher", "coupon", "$", "€")
REVIEW = ("五星", "好评", "差评", "改评", "追评", "星级", "Sterne", "stars")


@given(INPUTS)
@settings(max_examples=400, deadline=None)
def test_no_draft_holds_anything_that_blocks_but_gaps_nor_money_nor_stars(about: DraftInput) -> None:
    for one in draft(about):
        assert {f.rule for f in one.lint.findings if f.severity == "block"} <= {"form.gap"}
        assert not any(word in one.text for word in (*MONEY, *REVIEW))
        assert "{" not in one.text
        assert not any(word in one.text for word in ("恶意", "malicious", "böswillig"))


@given(INPUTS)
@settings(max_examples=200, deadline=None)
def test_the_words_do_not_depend_on_the_stars_of_an_unhappy_review(about: DraftInput) -> None:
    unhappy = replace(about, sentiment="negative")
    assert draft(replace(unhappy, stars=1)) == draft(replace(unhappy, stars=5))


def test_the_official_style_and_the_friend_can_answer_every_cause_in_every_language() -> None:
    for language, kind, cause in itertools.product(("zh-Hans", "de", "en"), ("goods", "hotel"), book().causes):
        made = by_style(
            draft(slow(language=language, store_kind=kind, platform="own_shop", causes=(NamedCause(cause),)))
        )
        assert {"official", "friend"} <= set(made), (language, kind, cause)
