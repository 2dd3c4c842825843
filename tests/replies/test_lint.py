"""The lint on single texts: what blocks, what warns, what passes, and where it points."""

from datetime import UTC, datetime, timedelta

import pytest

from wanhui.playbook.loader import book
from wanhui.replies.rules import LintContext, LintResult, lint, may_send, missing_reasons

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
FINE = "您好，杯子碎了我们很抱歉。请拍张照片发给站内客服，我们来处理。"


def rules(result: LintResult, severity: str = "block") -> set[str]:
    return {finding.rule for finding in result.findings if finding.severity == severity}


def test_a_decent_answer_is_clean() -> None:
    result = lint(FINE, platform="taobao")
    assert result.clean
    assert not result.blocked


def test_money_for_a_changed_review_blocks_and_points_at_the_words() -> None:
    text = "您好。麻烦改一下评价，我们退您5元。"
    finding = lint(text, platform="taobao").findings[0]
    assert finding.severity == "block"
    assert text[finding.start : finding.end] == "改一下评价"
    assert "补偿只针对问题" in "".join(found.message for found in lint(text, platform="taobao").findings)


@pytest.mark.parametrize(
    "text",
    [
        "好 评 返 现",
        "好❤评❤返❤现",
        "好评返現",
        "五星好坪，返xian2元",
        "加微❤信 shop_2026",
        "徽信同号联系",
        "联系一三八零零一三八零零零",
        "联系１３８００１３８０００",
        "麻烦改\u200b一\u200b下\u200b评\u200b价",
    ],
)
def test_common_disguises_are_seen_through(text: str) -> None:
    assert lint(text, platform="taobao").blocked


@pytest.mark.parametrize(
    "text",
    [
        "补偿与您怎么评价无关。",
        "感谢您的五星好评！",
        "重复的那个订单我们已经删除，评价不受影响。",
        "走廊的报警器误响，打扰您休息了。",
        "我们不会请您修改评价。",
        "The refund has nothing to do with your review.",
        "Die Erstattung hat mit Ihrer Bewertung nichts zu tun.",
    ],
)
def test_words_that_only_sound_alike_pass(text: str) -> None:
    assert not lint(text, platform="taobao").blocked


@pytest.mark.parametrize("word", ["恶意", "敲诈", "碰瓷", "差评师"])
def test_public_words_never_call_a_customer_malicious(word: str) -> None:
    assert lint(f"这明显是{word}。", platform="jd").blocked
    assert not lint(f"我们不是说您{word}。", platform="jd").clean


def test_no_reply_goes_to_otto_in_public_or_in_private() -> None:
    assert rules(lint("Vielen Dank für den Hinweis.", platform="otto")) == {"platform.no_reply_path"}
    private = lint("Vielen Dank für den Hinweis.", platform="otto", channel="private")
    assert rules(private) == {"platform.no_private_contact"}


def test_a_platform_nobody_verified_is_mentioned_but_does_not_stop() -> None:
    result = lint(FINE, platform="xiaohongshu")
    assert result.clean
    assert rules(result, "info") == {"platform.unverified"}


def test_an_empty_text_and_an_unfilled_gap_block() -> None:
    assert "form.empty" in rules(lint(" \n。", platform="jd"))
    text = "您好。【请填：查到的包裹情况】谢谢。"
    finding = lint(text, platform="jd").findings[0]
    assert (finding.rule, text[finding.start : finding.end]) == ("form.gap", "【请填：查到的包裹情况】")
    assert lint("您好，我们{action}了。", platform="jd").blocked


def test_a_signature_in_the_same_brackets_is_no_gap() -> None:
    assert lint("谢谢您的提醒。【青禾小店售后组】", platform="jd").clean


def test_length_is_counted_as_the_platform_counts() -> None:
    assert not lint("好" * 500, platform="taobao").blocked
    finding = lint("好" * 501, platform="taobao").findings[0]
    assert (finding.rule, finding.start, finding.end) == ("form.too_long", 500, 501)
    assert not lint("ä" * 2048, platform="google").blocked
    assert "form.too_long" in rules(lint("ä" * 2049, platform="google"))
    assert not lint("好" * 5000, platform="jd").blocked


def test_a_closed_window_blocks_and_an_unverified_one_does_not() -> None:
    late = LintContext(published=NOON, now=NOON + timedelta(days=31))
    assert rules(lint(FINE, platform="taobao", context=late)) == {"platform.window_closed"}
    assert lint(FINE, platform="jd", context=late).clean
    in_time = LintContext(published=NOON, now=NOON + timedelta(days=29))
    assert lint(FINE, platform="taobao", context=in_time).clean


def test_a_follow_up_closes_the_first_review_on_taobao_but_can_itself_be_answered() -> None:
    followed = LintContext(has_follow_up=True)
    assert rules(lint(FINE, platform="taobao", context=followed)) == {"platform.closed_by_follow_up"}
    assert lint(FINE, platform="taobao", context=LintContext(has_follow_up=True, answers_follow_up=True)).clean
    assert lint(FINE, platform="own_shop", context=followed).clean


def test_a_second_reply_blocks_where_only_one_is_taken() -> None:
    again = LintContext(replies_so_far=1)
    assert rules(lint(FINE, platform="taobao", context=again)) == {"platform.already_answered"}
    assert lint(FINE, platform="google", context=again).clean


@pytest.mark.parametrize(
    ("context", "text", "rule"),
    [
        (LintContext(buyer_name="梅小雨"), "梅小雨您好，杯子我们补发。", "personal.name"),
        (LintContext(buyer_name="Mona Kern"), "Danke, MONA  KERN, das klären wir.", None),
        (LintContext(buyer_name="mona_k"), "Danke, Mona_K, das klären wir.", "personal.name"),
        (LintContext(order_ids=("88771234",)), "单子88771234我们看过了。", "personal.order"),
        (LintContext(phones=("0571-88990011",)), "电话0571-88990011没人接。", "personal.phone"),
        (LintContext(addresses=("海曙区柳汀街旧书弄七号",)), "送到柳汀街旧书弄七号的包裹丢了。", "personal.address"),
        (LintContext(private_facts=("退了三十八元",)), "我们已经退了三十八元。", "personal.fact"),
        (LintContext(buyer_name="t***8"), "t***8您好，杯子我们补发。", None),
        (LintContext(order_ids=("1234567",)), "一共91234567粒种子。", None),
    ],
)
def test_data_of_this_order_blocks_in_public(context: LintContext, text: str, rule: str | None) -> None:
    assert rules(lint(text, platform="jd", context=context)) == ({rule} if rule else set())


def test_in_a_private_message_the_order_may_be_named() -> None:
    context = LintContext(order_ids=("88771234",))
    assert lint("您的单子88771234我们看过了。", platform="jd", channel="private", context=context).clean


def test_a_reply_too_like_a_recent_one_warns() -> None:
    recent = LintContext(recent=("别的话。", FINE.replace("您好", "亲您好")))
    assert rules(lint(FINE, platform="jd", context=recent), "warn") == {"form.repeats"}
    assert lint(FINE, platform="jd", context=LintContext(recent=("谢谢您喜欢这条围巾。",))).clean


def test_with_a_safety_flag_no_cause_is_named_in_public() -> None:
    text = "过敏是因为您的体质，不是我们的问题。"
    assert lint(text, platform="jd", context=LintContext(flags=frozenset({"safety"}))).blocked
    assert "zh.safety_verdict" not in {found.rule for found in lint(text, platform="jd").findings}


def test_on_ebay_a_neutral_word_about_changing_is_a_warning_once_the_problem_is_solved() -> None:
    text = "You can revise your feedback if you wish."
    assert lint(text, platform="ebay").blocked
    solved = lint(text, platform="ebay", context=LintContext(resolved=True))
    assert not solved.blocked
    assert solved.warned_rules == ("en.ask_change",)
    assert lint(text, platform="google", context=LintContext(resolved=True)).blocked


def test_a_block_cannot_be_overridden_and_a_warning_needs_a_reason() -> None:
    blocked = lint("麻烦改一下评价。", platform="taobao")
    assert not may_send(blocked, {finding.rule: "我负责" for finding in blocked.findings})
    warned = lint("我们保证会给您补发。", platform="taobao")
    assert warned.warned_rules == ("zh.promise",)
    assert not may_send(warned, {})
    assert not may_send(warned, {"zh.promise": "  "})
    assert missing_reasons(warned, {}) == ("zh.promise",)
    assert may_send(warned, {"zh.promise": "仓库已确认有货"})
    assert may_send(lint(FINE, platform="taobao"), {})


def test_messages_come_in_the_language_asked_for_else_in_that_of_the_text() -> None:
    text = "Bitte ändern Sie Ihre Bewertung."
    assert "Plattform" in lint(text, platform="google").findings[0].message
    assert "平台" in lint(text, platform="google", language="zh-Hans").findings[0].message
    assert "platform" in lint(text, platform="google", language="en").findings[0].message


def test_the_worst_comes_first_and_the_versions_of_the_rules_are_told() -> None:
    result = lint("我们保证会给您补发，祝您生活愉快，麻烦改一下评价。", platform="taobao")
    order = [finding.severity for finding in result.findings]
    assert order == sorted(order, key=["block", "warn", "info"].index)
    assert result.pack_version == f"lint {book().lint_version}, taobao 2026-11-21"


def test_the_json_form_keeps_the_contract() -> None:
    found = lint("麻烦改一下评价。", platform="taobao").to_json()
    assert found["clean"] is False
    assert set(found["findings"][0]) == {"rule", "severity", "start", "end", "message", "source"}
