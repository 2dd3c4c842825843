"""A customer's words on a page: marked, shortened, never run."""

import html
import re
from html.parser import HTMLParser

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wanhui.desk import rules
from wanhui.desk.rules import Piece, Span
from wanhui.desk.templatetags.desk_words import marked
from wanhui.language import judge
from wanhui.language.normalise import clean

PLACED = r' line-[1-6]" data-places="[0-9 ]+" data-ends="[0-9 ]*'
MARK = re.compile(rf'<mark class="mark-(?:good|bad)(?:{PLACED})?" title="[^"<>]*">|</mark>')
nasty = st.text(st.one_of(st.sampled_from("<>&\"'/\\{}%=\n 赠品😀"), st.characters(codec="utf-8")), max_size=120)
spans = st.lists(
    st.builds(
        Span, st.integers(-5, 130), st.integers(-5, 130), st.sampled_from(["service", "own:停<车>"]), st.booleans(),
        st.integers(0, 12),
    ),
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


class Reader(HTMLParser):
    """What a browser makes of a text: its characters, and which of them stand in marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked, self.inside = "", set[int](), False

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.inside = tag == "mark"

    def handle_endtag(self, _tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.marked |= set(range(len(self.text), len(self.text) + len(data)))
        self.text += data


@given(nasty, spans)
def test_a_browser_reads_the_same_characters_and_exactly_those_of_the_spans_are_marked(
    text: str, where: list[Span]
) -> None:
    reader = Reader()
    reader.feed(marked(rules.pieces(text, where)))
    reader.close()
    assert reader.text == html.unescape(html.escape(text))
    over = [s for s in where if 0 <= s.start < s.end]
    assert reader.marked == {at for s in over for at in range(s.start, min(s.end, len(text)))}


def test_evidence_is_marked_where_the_customer_wrote_it_whatever_the_signs() -> None:
    """From a cell of an export to the page: entities, full width, Traditional characters, emoji beyond the BMP."""
    raw = "😡😡物流太慢&amp;等了好久！&lt;b&gt;質量很差&lt;/b&gt;，ＢＡＤ 👨‍👩‍👧 快遞態度差"
    text = clean(raw)
    (found,) = judge([text], ratings=[1])
    assert found.causes
    for cause in found.causes:
        reader = Reader()
        where = [Span(start, end, cause.code, place=1) for start, end in cause.evidence]
        reader.feed(marked(rules.pieces(text, where)))
        reader.close()
        assert reader.text == text
        said = "".join(text[at] for at in sorted(reader.marked))
        assert said == "".join(text[start:end] for start, end in cause.evidence)
    delivery = next(cause for cause in found.causes if cause.code == "delivery")
    assert "物流太慢" in next(text[start:end] for start, end in delivery.evidence)


def test_a_mark_says_the_number_of_its_cause_once_and_words_of_two_causes_say_both() -> None:
    with translation.override("en"):
        shown = marked(rules.pieces("服务差", [Span(0, 3, "service", place=1), Span(2, 3, "own:停车", place=2)]))
    assert shown == (
        '<mark class="mark-bad line-1" data-places="1" data-ends="" title="Service">服务</mark>'
        '<mark class="mark-bad line-1" data-places="1 2" data-ends="1 2" title="Service · 停车">差</mark>'
    )


def test_a_line_of_a_list_shows_the_main_cause_first_with_its_words() -> None:
    text = "物流慢，\n" + "质量" * 20
    causes = [
        {"code": "delivery", "sub": "delivery.slow", "evidence": [[0, 3]]},
        {"code": "quality", "sub": None, "evidence": [[5, 45]]},
    ]
    first, second = rules.whys(text, causes, "quality")
    assert (first.code, first.sub, first.phrase) == ("quality", "", "质量" * 7 + "质…")
    assert (second.code, second.sub, second.phrase) == ("delivery", "delivery.slow", "物流慢")


@given(nasty, st.lists(st.tuples(st.integers(-5, 130), st.integers(-5, 130)), max_size=3))
def test_a_phrase_is_short_and_on_one_line(text: str, evidence: list[tuple[int, int]]) -> None:
    short = rules.phrase(text, evidence)
    assert len(short) <= rules.PHRASE
    assert len(short.splitlines()) <= 1


def test_an_excerpt_of_a_long_text_begins_near_its_evidence() -> None:
    text = "啊" * 200 + "赠品没有" + "啊" * 50
    short, moved = rules.excerpt(text, [Span(200, 204, "fulfilment")], 40)
    assert Piece("赠品没有", ("fulfilment",)) in rules.pieces(short, moved)


def test_a_complaint_outranks_a_praise_in_the_same_words() -> None:
    found = rules.pieces("服务好个鬼", [Span(0, 3, "service", True), Span(0, 5, "service")])
    assert found[0] == Piece("服务好", ("service",))


def test_names_are_masked_but_a_name_the_platform_masked_stays() -> None:
    assert [rules.masked(n) for n in ("衣柜里的猫", "王五", "t**8", "", "李")] == ["衣**猫", "王**", "t**8", "", "李"]
