"""Texts that try to freeze, fill or fool whatever reads them: each answered in moments, and the time grows with the
length and not with its square."""

import io
import time
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast
from tests.safety.pages import text as text_of
from wanhui.connectors.actions import confirm, receive
from wanhui.connectors.file.columns import recognise
from wanhui.connectors.file.followups import read_days, split_follow_ups
from wanhui.connectors.file.times import read_time
from wanhui.connectors.file.values import (
    read_buyer,
    read_id,
    read_media,
    read_reply,
    read_stars,
    read_tags,
    read_verdict,
)
from wanhui.connectors.models import Import
from wanhui.language import judge
from wanhui.language.detect import detect
from wanhui.language.normalise import clean, fold, is_placeholder
from wanhui.language.split import clauses
from wanhui.pipeline.advance import drain
from wanhui.replies.lint import lint
from wanhui.reviews.models import Review

LENGTH = 40_000
PIECES = (
    " ", "\n", "\t", "a", "1", "0", "-", ".", "/", ":", ",",
    "。", "！", "坏", "追", "追评", "天后追评：", "第1天", "年", "月1",
    "★", "☆ ", "star", "5/", "width:", "&#1", "&amp;", "&", "<", "<a ",
    "http://", "https://a,", "[", "{", '"', "'", "\\",
    "(", "（匿名", "解释", "[商家回复]", "系统默认", "没有填写", "此用户", "=",
    "@", "+86", "\u0335", "\u200d", "\U0001f600",
    "\u202e", "A\u0300", "不", "不是不", "退款", "五星好评返现", "微信",
    "加微信1", "13800138000 ", "not ", "ß", "Straße ",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "clean": clean, "fold": fold, "is_placeholder": is_placeholder, "detect": detect, "clauses": clauses,
    "split_follow_ups": split_follow_ups, "read_days": read_days, "read_time": read_time, "read_stars": read_stars,
    "read_verdict": read_verdict, "read_id": read_id, "read_buyer": read_buyer, "read_reply": read_reply,
    "read_tags": read_tags, "read_media": read_media,
    "recognise": lambda text: recognise([text[:2_000], "评价内容"], [[text, "坏了"]] * 3),
    "judge": lambda text: judge([text]),
    "lint": lambda text: lint(text, platform="taobao", channel="public"),
}  # fmt: skip
PATIENCE = {"judge": 12.0, "lint": 12.0}  # seconds for one piece, on a busy machine; others two


@pytest.mark.parametrize("name", READERS)
def test_no_text_holds_a_reader_up(name: str) -> None:
    read, slow = READERS[name], []
    for piece in PIECES:
        for text in (piece * (LENGTH // len(piece)), "坏了" + piece * (LENGTH // len(piece)) + "x"):
            began = time.monotonic()
            read(text)
            if time.monotonic() - began > PATIENCE.get(name, 2.0):
                slow.append((piece, round(time.monotonic() - began, 1)))
    assert slow == []


def test_a_text_of_a_megabyte_is_judged_and_linted() -> None:
    text = "快递太慢了，等了十天才到，再也不买了。" * 55_000
    began = time.monotonic()
    assert [cause.code for cause in judge([text])[0].causes] != []
    lint(text, platform="taobao", channel="public")
    assert time.monotonic() - began < 60


def test_a_text_with_zero_bytes_and_halves_is_stored_clean(as_mei: Client, people: Cast) -> None:
    row = b'{"text": "broken\\u0000 zip \\ud800", "buyer": "w\\u0000g", "product": "cup\\u0000",'
    row += b' "order_id": "A\\u00001", "reply": "sorry\\u0000", "sku": "red\\u0000",'
    row += b' "append": "late\\u0000 too", "st\\u0000ars": "1"}\n'
    source = receive(people.clothes, io.BytesIO(row * 2), "zero\x00.jsonl", actor=people.mei)
    confirm(source, actor=people.mei)
    drain()
    source.refresh_from_db()
    assert (source.state, source.new + source.duplicate) == (Import.State.DONE, 2)
    for review in Review.objects.all():
        assert review.text == "broken zip \ufffd"  # half a character shows that something was there
        for shown in (f"/reviews/{review.pk}/", f"/imports/{source.pk}/"):
            assert "\x00" not in text_of(as_mei.get(shown))
