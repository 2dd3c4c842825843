"""A customer's words on a page: marked, shortened, never run."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from wanhui.desk import rules
from wanhui.desk.rules import Piece, Span
from wanhui.desk.templatetags.desk_words import marked

MARK = re.compile(r'<mark class="mark-(?:good|bad)" title="[^"<>]*">|</mark>')
nasty = st.text(st.one_of(st.sampled_from("<>&\"'/\\{}%=\n 赠品😀"), st.characters(codec="utf-8")), max_size=120)
spans = st.lists(
    st.builds(Span, st.integers(-5, 130), st.integers(-5, 130), st.sampled_from(["service", "damage"]), st.booleans()),
    max_size=6,
)


@given(nasty, spans)
def test_the_pieces_of_a_text_are_the_text(text: str, where: list[Span]) -> None:
    assert "".join(piece.text for piece in rules.pieces(text, where)) == text


@given(nasty, spans)
def test_marked_text_unescapes_to_the_text_and_holds_no_tag_but_mark(text: str, where: list[Span]) -> None:
    shown = marked(rules.pieces(text, where))
    bare = MARK.sub("", shown)
    assert "<" not in bare
    assert ">" not in bare
    assert html.unescape(bare) == html.unescape(html.escape(text))


@given(nasty, spans, st.integers(4, 60))
def test_an_excerpt_is_one_line_of_at_most_the_length_and_its_spans_stay_inside(
    text: str, where: list[Span], length: int
) -> None:
    short, moved = rules.excerpt(text, where, length)
    assert "\n" not in short
    assert len(short) <= length + 2
    assert "".join(piece.text for piece in rules.pieces(short, moved)) == short


def test_an_excerpt_of_a_long_text_begins_near_its_evidence() -> None:
    text = "啊" * 200 + "赠品没有" + "啊" * 50
    short, moved = rules.excerpt(text, [Span(200, 204, "fulfilment")], 40)
    assert Piece("赠品没有", ("fulfilment",)) in rules.pieces(short, moved)


def test_a_complaint_outranks_a_praise_in_the_same_words() -> None:
    found = rules.pieces("服务好个鬼", [Span(0, 3, "service", True), Span(0, 5, "service")])
    assert found[0] == Piece("服务好", ("service",))


def test_names_are_masked_but_a_name_the_platform_masked_stays() -> None:
    assert [rules.masked(n) for n in ("衣柜里的猫", "王五", "t**8", "", "李")] == ["衣**猫", "王**", "t**8", "", "李"]
