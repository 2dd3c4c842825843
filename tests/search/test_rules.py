"""How texts are cut and queries are read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.search import rules
from wanhui.search.rules import Item, Kind

# Letters that meet in real reviews: Chinese of both scripts, German, English, digits, marks, emoji, odd widths.
LETTERS = st.sampled_from("差评赠品没有客服態度質量很好abceinrsu äöüßÄéÉ０1２3Ａ，。！?-/'\"*^(){}:~\n\t☺🙂\u200b")
TEXTS = st.text(LETTERS, max_size=60)


def candidate(text: str, query: rules.Query) -> bool:
    """Whether the index would offer this text: it has all tokens, the begun ones by their beginning."""
    there = rules.tokens(text)
    for part in query.parts:
        whole = part.tokens[:-1] if part.begun else part.tokens
        if not set(whole) <= set(there):
            return False
        if part.begun and not any(token.startswith(part.tokens[-1]) for token in there):
            return False
    return True


@given(TEXTS, st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    query, kept = rules.read(text[start:end]), rules.stored([text])
    assert candidate(kept, query)
    assert rules.holds(kept, query)


@given(TEXTS, TEXTS)
def test_what_holds_a_query_is_always_a_candidate_and_an_exact_part_needs_no_check(text: str, words: str) -> None:
    query, kept = rules.read(words), rules.stored([text])
    if rules.holds(kept, query):
        assert candidate(kept, query)
    if query.parts and all(part.exact for part in query.parts):
        assert candidate(kept, query) == rules.holds(kept, query)


@given(TEXTS, TEXTS)
def test_marked_places_are_exactly_where_the_folded_text_has_a_part(text: str, words: str) -> None:
    query = rules.read(words)
    found = rules.spans(text, query)
    assert bool(found) == any(part.run in rules.fold(text) for part in query.parts)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))


@given(st.text(max_size=400))
def test_nothing_but_letters_and_digits_of_a_query_reaches_the_database(words: str) -> None:
    query = rules.read(words)
    assert all(token.isalnum() for part in query.parts for token in part.tokens)
    assert all(part.run.isalnum() and 2 <= len(part.run) <= rules.LONGEST_PART for part in query.parts)
    assert len(query.parts) <= rules.MOST_PARTS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("说好的赠品没有", "赠品"),
        ("說好的贈品沒有，客服態度很差", "赠品 态度"),
        ("客服态度很差", "態度"),
        ("Der Versandschaden war groß.", "schaden"),
        ("Der Versandschaden war groß.", "GROSS versand"),
        ("Rückgabe dauerte ewig", "rueckgabe"),
        ("Rueckgabe dauerte ewig", "Rückgabe"),
        ("café fermé", "cafe"),
        ("订单 260001112223334", "2223334"),
        ("Ｑ弹手感，尺码XL偏小", "xl"),
        ("送了3D眼镜", "3d眼"),
        ("送了3D眼镜", "了3"),
    ],
)
def test_words_are_found_however_they_are_written(text: str, words: str) -> None:
    query, kept = rules.read(words), rules.stored([text])
    assert query.parts
    assert candidate(kept, query)
    assert rules.holds(kept, query)
    assert rules.spans(text, query)


@pytest.mark.parametrize(
    ("text", "words"), [("甲乙，乙丙", "甲乙丙"), ("哈哈", "哈哈哈"), ("ab cd", "abcd"), ("赠送品", "赠品")]
)
def test_characters_that_do_not_stand_side_by_side_are_no_hit(text: str, words: str) -> None:
    assert not rules.holds(rules.stored([text]), rules.read(words))


@pytest.mark.parametrize("words", ["", " ", "，。！", "\x00", "\ud800", "🙂🙂", "'\"*^(){}"])
def test_a_query_without_letters_asks_for_nothing(words: str) -> None:
    assert rules.read(words) == rules.Query()


def test_single_characters_are_left_out_and_named() -> None:
    query = rules.read("味 难闻 M")
    assert [part.run for part in query.parts] == ["难闻"]
    assert query.left_out == ("味", "m")


def test_a_query_that_is_too_long_is_cut_and_says_so() -> None:
    assert rules.read("差评" * 5000).cut
    assert rules.read(" ".join(f"词语{n}" for n in range(20))).cut
    assert not rules.read("赠品 没有").cut


def test_the_place_of_a_word_is_counted_in_the_text_as_written() -> None:
    assert rules.spans("Größe: ﬁx, 尺码偏小", rules.read("groesse fix 偏小")) == [(0, 5), (7, 9), (13, 15)]


def _key(day: date | None, ref: int = 7, kind: Kind = Kind.REVIEW) -> int:
    return rules.key(Item(kind, ref, 1, day, ()))


def test_keys_order_by_day_then_number_and_things_without_a_day_come_last() -> None:
    keys = [_key(None), _key(date(2025, 1, 1), 9), _key(date(2026, 1, 1), 1), _key(date(2026, 1, 1), 2)]
    assert keys == sorted(keys)
    first, after = rules.window(date(2026, 1, 1), date(2026, 1, 1))
    assert [first <= key < after for key in keys] == [False, False, True, True]


@given(st.dates(), st.integers(1, 2**39 - 1), st.sampled_from(Kind))
def test_a_key_fits_into_eight_bytes_and_stays_apart_from_others(day: date, ref: int, kind: Kind) -> None:
    key = _key(day, ref, kind)
    assert 0 < key < 2**62
    assert (key & 7, key >> 3 & (2**39 - 1)) == (kind, ref)


def test_a_window_of_days_holds_both_ends_and_nothing_without_a_day() -> None:
    first, after = rules.window(date(2026, 1, 2), date(2026, 1, 3))
    inside = [first <= _key(date(2026, 1, day)) < after for day in (1, 2, 3, 4)]
    assert inside == [False, True, True, False]
    for bounds in (rules.window(date(2026, 1, 2), None), rules.window(None, date(2026, 1, 2))):
        assert not bounds[0] <= _key(None) < bounds[1]
    assert rules.window(None, None)[0] <= _key(None)
