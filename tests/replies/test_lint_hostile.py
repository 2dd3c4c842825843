"""Whatever is typed, the lint answers, points inside the text, and is quick."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wanhui.playbook.loader import book
from wanhui.replies.folding import Views
from wanhui.replies.rules import LintContext, lint

PIECES = ["好评", "返现", " ", "改", "评价", "微", "❤", "信", "1", "3", "8", "，", "。", "\n", "【请填", "】", "review"]
PIECES += [
    "refund ",
    "Bewertung ",
    "ändern ",
    "\u0301",
    "ﷺ",
    "㍿",
    "\ud800",
    "İ",
    "請",
    "刪除",
    "x@y.de",
    "{action}",
    "给",
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
HOSTILE = {
    "one word": "好评返" * 33_334,
    "two words": "请给五星好评，" * 14_286,
    "letters": "a" * 100_000,
    "figures": "1" * 100_000,
    "figures apart": "1 " * 50_000,
    "English": "please change your review refund " * 3_031,
    "German": "bitte die bewertung ändern gutschein " * 2_704,
    "fillers": "give us a good nice great honest short " * 2_565,
    "fillers zh": "给我们我店铺小店本店亲一个" * 7_700,
    "mail": "a.b@" * 25_000,
    "marks": "e" + "\u0301\u0316" * 50_000,
    "brackets": "【请填" * 33_334,
    "spaced": "改 评 价 " * 16_667,
    "expanding": "ﷺ" * 33_334,
    "address": "路街巷道小区村1号" * 11_112,
}


@given(TEXTS, st.sampled_from(sorted(book().platforms)), st.sampled_from(["public", "private"]))
@settings(max_examples=300, deadline=None)
def test_the_lint_never_raises_and_points_inside_the_text(text: str, platform: str, channel: str) -> None:
    context = LintContext(buyer_name=text[:4], order_ids=(text[:8],), addresses=(text,), recent=(text,))
    result = lint(text, platform=platform, channel=channel, context=context)  # type: ignore[arg-type]
    for finding in result.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.message
        assert "{what}" not in finding.message
    assert result.clean == (not any(finding.severity != "info" for finding in result.findings))


@given(TEXTS)
def test_every_view_keeps_its_places_in_order(text: str) -> None:
    views = Views(text)
    for view in (views.plain, views.squeezed, views.digits):
        assert len(view.text) == len(view.places)
        assert list(view.places) == sorted(view.places)
        assert all(0 <= place < len(text) for place in view.places)


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hundred_thousand_hostile_characters_take_less_than_a_second(kind: str) -> None:
    lint("warm", platform="other")
    start = time.process_time()
    result = lint(HOSTILE[kind], platform="other")
    assert time.process_time() - start < 1
    assert "form.endless" in {finding.rule for finding in result.findings}


def test_a_usual_reply_takes_less_than_fifty_milliseconds() -> None:
    text = "您好，包裹在路上压坏了，我们很抱歉，请拍一张照片发给站内客服，换新或退款都可以商量。" * 12
    lint(text, platform="taobao")
    start = time.process_time()
    for _ in range(5):
        lint(text, platform="taobao")
    assert (time.process_time() - start) / 5 < 0.05
