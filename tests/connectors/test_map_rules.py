"""Which map fits a header: by the names, never by the places."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors import rules

LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: bool(rules.plain(text)))
HEADERS = st.lists(NAMES, min_size=1, max_size=12, unique_by=rules.plain)
FIELDS = st.sampled_from(["text", "stars", "said_at", "buyer", "review_id", "reply", "sku"])


@given(HEADERS, st.randoms())
def test_moved_columns_have_the_same_signature(header: list[str], dice: object) -> None:
    moved = list(header)
    dice.shuffle(moved)  # type: ignore[attr-defined]
    assert rules.signature(moved) == rules.signature(header)
    assert rules.likeness(moved, header) == 1.0
    assert not rules.difference(header, moved, {})


@given(HEADERS, NAMES)
def test_another_column_is_another_signature(header: list[str], name: str) -> None:
    if rules.plain(name) not in map(rules.plain, header):
        assert rules.signature([*header, name]) != rules.signature(header)
        assert rules.difference(header, [*header, name], {}) == rules.Difference((name,), (), ())
        assert rules.likeness([*header, name], header) < 1.0


@given(HEADERS, st.dictionaries(FIELDS, st.integers(0, 11)), st.randoms())
def test_a_map_finds_its_columns_wherever_they_have_moved(
    header: list[str], wanted: dict[str, int], dice: object
) -> None:
    columns = {field: at for field, at in wanted.items() if at < len(header)}
    names = rules.by_name(header, columns)
    moved = list(header)
    dice.shuffle(moved)  # type: ignore[attr-defined]
    assert {field: moved[at] for field, at in rules.by_place(moved, names).items()} == names


@given(st.dictionaries(FIELDS, st.integers(0, 5)), st.dictionaries(FIELDS, st.integers(0, 5)))
def test_a_persons_word_stands_before_what_was_recognised(recognised: dict[str, int], said: dict[str, int]) -> None:
    merged = rules.merged(recognised, said)
    assert {field: merged[field] for field in said} == said
    assert all(merged[field] not in said.values() for field in merged if field not in said)


def test_a_field_whose_column_went_is_named() -> None:
    found = rules.difference(["评价内容", "星级"], ["评价内容", "评分"], {"text": "评价内容", "stars": "星级"})
    assert (found.new, found.gone, found.missed) == (("评分",), ("星级",), ("stars",))


def test_width_and_blanks_around_a_name_are_no_difference() -> None:
    assert rules.signature(["评价ＩＤ ", "星级"]) == rules.signature(["评价ID", "星级"])


def test_the_first_row_is_numbered_as_a_spreadsheet_does() -> None:
    assert [rules.first_row(at) for at in (-1, 0, 3)] == [1, 2, 5]


def test_what_nobody_confirms_is_kept_two_weeks() -> None:
    assert rules.lapses_at(datetime(2026, 11, 1, tzinfo=UTC)) == datetime(2026, 11, 15, tzinfo=UTC)
