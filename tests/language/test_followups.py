"""Kinds of follow-ups: measured on invented ones, half of them decent traps; and what the words are bound to."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language.followups import ADVERT, KINDS, LONGEST, OFFTOPIC, REPORTABLE, SELF_PRAISE, USE, kind_of

LINES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("followup_kinds.toml").read_text(encoding="utf-8")
)
# The bars on the lines that were measured only after the patterns were done: precision and recall.
BARS = {USE: (0.85, 0.95), ADVERT: (0.95, 0.8), OFFTOPIC: (0.85, 0.85), SELF_PRAISE: (0.85, 0.75)}


def measured() -> list[tuple[str, str, bool]]:
    """(truth, said, sure) of every second line."""
    found = []
    for name, lines in LINES.items():
        for line in lines[1::2]:
            kind = kind_of(line)
            found.append((USE if name == "trap" else name, kind.code, kind.sure))
    return found


def test_there_are_enough_lines_and_half_the_real_ones_are_traps() -> None:
    assert sum(map(len, LINES.values())) >= 120
    assert len(LINES["trap"]) >= len(LINES["use"])
    assert all(len(set(lines)) == len(lines) for lines in LINES.values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_as_well_as_stated(kind: str) -> None:
    found = measured()
    right = sum(truth == said == kind for truth, said, _sure in found)
    precision = right / sum(said == kind for _truth, said, _sure in found)
    recall = right / sum(truth == kind for truth, _said, _sure in found)
    assert precision >= BARS[kind][0]
    assert recall >= BARS[kind][1]


def test_hardly_any_real_use_is_surely_reportable() -> None:
    """A report to the platform about a real customer would be worse than a missed advert."""
    wrong = [line for name in ("use", "trap") for line in LINES[name]
             if (kind := kind_of(line)).code in REPORTABLE and kind.sure]  # fmt: skip
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("客服让我加微信返现五块，我没理", USE),
        ("加我微信 abc12345，同款更便宜", ADVERT),
        ("穿了一个月很好。想要同款的加我微信 abc12345", ADVERT),
        ("凑字数凑字数，用了两周电池就不行了", USE),
        ("写错店铺了，抱歉", OFFTOPIC),
        ("", ""),
        ("此用户没有填写评价。", ""),
    ],
)
def test_the_turns_that_matter(text: str, code: str) -> None:
    assert kind_of(text).code == code


def test_months_of_use_on_the_first_day_are_not_sure() -> None:
    assert kind_of("用了三个月，一点问题没有", days=100).sure
    assert not kind_of("用了三个月，一点问题没有", days=0).sure


def test_a_text_that_names_nothing_is_sure_only_where_it_shares_its_matter_with_the_first() -> None:
    assert not kind_of("果然如此").sure
    assert kind_of("水泡又冒出来三个", "奶瓶上的水泡又多").sure


def test_the_evidence_is_in_the_text_and_of_the_kind() -> None:
    text = "包装完好。ＬＩＮＥ 加我的微信：shop7788，領優惠券"
    kind = kind_of(text)
    assert kind.code == ADVERT
    assert any("shop7788" in text[start:end] for start, end in kind.evidence)


@given(st.text(max_size=300), st.text(max_size=60), st.one_of(st.none(), st.integers(0, 400)))
def test_any_text_has_a_kind_with_evidence_inside_it(text: str, original: str, days: int | None) -> None:
    kind = kind_of(text, original, days)
    assert kind.code in (*KINDS, "")
    assert all(0 <= start < end <= len(text) for start, end in kind.evidence)
    assert kind == kind_of(text, original, days)


@pytest.mark.parametrize("piece", ["好", "加", "微信", "a", "www.", "没有,", "说加我", "凑", "\u202e", "😀"])
def test_a_million_of_one_piece_is_read_no_further_than_a_page(piece: str) -> None:
    text = piece * 1_000_000
    assert kind_of(text) == kind_of(text[:LONGEST])
