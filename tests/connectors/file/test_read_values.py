"""Ratings, words, ids, names and lists in single cells."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors.file.table import Cell
from wanhui.connectors.file.values import (
    read_buyer,
    read_id,
    read_media,
    read_reply,
    read_stars,
    read_tags,
    read_verdict,
)


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        (5, 5),
        (4.0, 4),
        ("3", 3),
        ("5.0", 5),
        ("５", 5),
        ("五星", 5),
        ("三颗星", 3),
        ("1星", 1),
        ("4分", 4),
        ("5 stars", 5),
        ("2 Sterne", 2),
        ("★★★☆☆", 3),
        ("⭐⭐", 2),
        ("width:80%;", 4),
        ("width: 20%", 1),
        ("star4", 4),
        ("star-3", 3),
        ("sml-rank-stars sml-str50", 5),
        ("irr-star20", 2),
        ("4/5", 4),
        ("4.0 out of 5 stars", 4),
        ("2 von 5", 2),
        ("4,5", 4),
        ("4.5", 4),
        ("sml-str45", 4),
        ("四星半", 4),
    ],
)
def test_a_rating_is_understood(cell: Cell, stars: int) -> None:
    assert read_stars(cell).stars == stars


@pytest.mark.parametrize("cell", [0, 0.0, "0", "", None, "-", "无", "未评分", "nan", "width:0%"])
def test_a_missing_rating_stays_missing(cell: Cell) -> None:
    found = read_stars(cell)
    assert (found.stars, found.missing, found.problem) == (None, True, "")


@pytest.mark.parametrize(
    ("word", "verdict"), [("好评", "good"), ("中评", "neutral"), ("差评", "bad"), ("负面", "bad"), ("Good", "good")]
)
def test_a_word_is_a_verdict_and_never_a_star(word: str, verdict: str) -> None:
    found = read_stars(word)
    assert (found.stars, found.verdict) == (None, verdict)
    assert read_verdict(word) == verdict


@pytest.mark.parametrize("cell", [7, "100", -1, "六星", "很好", "4-5", True, "star4 star5", "width:120%", "0.5", "1e3"])
def test_a_rating_that_could_mean_anything_is_a_problem(cell: Cell) -> None:
    found = read_stars(cell)
    assert found.stars is None
    assert found.problem.startswith("rating not understood")


def test_half_stars_keep_what_the_cell_said() -> None:
    assert read_stars("4.5").exact == Decimal("4.5")
    assert read_stars(9, scale=10).exact == Decimal("4.5")


@given(st.integers(1, 5), st.sampled_from([1, 2, 20]))
def test_scales_of_five_ten_and_a_hundred_agree(stars: int, factor: int) -> None:
    assert read_stars(stars * factor, scale=5 * factor).stars == stars


@given(
    st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none()), st.sampled_from([5, 10, 100])
)
def test_no_cell_gives_a_star_outside_of_one_to_five(cell: Cell, scale: int) -> None:
    found = read_stars(cell, scale)
    assert found.stars is None or 1 <= found.stars <= 5
    assert found.stars is None or (found.exact is not None and found.stars == int(found.exact))


@pytest.mark.parametrize("cell", ["1.23E+18", "4.2e15", 1.23e18, 1e15, 12.5, "123456789012345000", "1,23E+17"])
def test_an_id_that_a_spreadsheet_damaged_is_refused(cell: Cell) -> None:
    found = read_id(cell)
    assert found.id == ""
    assert "damaged by a spreadsheet" in found.problem


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("77-12", "77-12"),
        (16197423978.0, "16197423978"),
        ('="4200001234567890123"', "4200001234567890123"),
        ("'88001", "88001"),
        ("\t88001\t", "88001"),
        (0, ""),
        ("0", ""),
        ("无", ""),
        (None, ""),
    ],
)
def test_an_id_is_text_without_its_wrapping(cell: Cell, expected: str) -> None:
    found = read_id(cell, proven=True)
    assert (found.id, found.problem) == (expected, "")


@pytest.mark.parametrize("cell", ["13912345678", 18812345678.0, "+8615512345678"])
def test_a_number_that_looks_like_a_mobile_is_no_id_without_proof(cell: Cell) -> None:
    assert read_id(cell).problem == "id left out: it looks like a mobile number"
    assert read_id(cell, proven=True).id


@given(st.floats(min_value=1e15, allow_infinity=False))
def test_no_large_float_ever_becomes_an_id(number: float) -> None:
    assert read_id(number).id == ""


@given(st.from_regex(r"[A-Z]{1,3}[0-9]{1,18}[1-9]", fullmatch=True))
def test_an_id_that_is_text_is_kept_digit_for_digit(text: str) -> None:
    assert read_id(text).id == text


@pytest.mark.parametrize(
    ("name", "flag", "expected"),
    [
        ("j***u（匿名）", None, ("j***u", True)),
        ("梅**子", "否", ("梅**子", False)),
        ("梅**子", 1, ("梅**子", True)),
        ("匿名用户", None, ("匿名用户", True)),
        ("梅**子", None, ("梅**子", None)),
        ("", "", ("", None)),
    ],
)
def test_anonymous_is_told_by_flag_or_by_name(name: str, flag: Cell, expected: tuple[str, bool | None]) -> None:
    assert read_buyer(name, flag) == expected


@pytest.mark.parametrize("label", ["解释：", "[解释] ", "商家回复:", "【掌柜回复】", "店家解释： "])
def test_the_label_before_a_reply_is_taken_away(label: str) -> None:
    assert read_reply(f"{label}亲，抱歉让您久等了，解释：我们会改") == "亲，抱歉让您久等了，解释：我们会改"


def test_a_reply_that_speaks_of_explaining_is_left_alone() -> None:
    assert read_reply("解释一下这个问题：尺码偏小") == "解释一下这个问题：尺码偏小"


def test_lists_in_one_cell_come_apart_without_repeats() -> None:
    assert read_tags("物流快、质量好,物流快；包装 好|值") == ("物流快", "质量好", "包装 好", "值")
    assert read_tags('[{"name": "好吃"}, "便宜"]') == ("好吃", "便宜")
    assert read_media("//a.cn/1.jpg,https://b.cn/2.png https://b.cn/2.png") == (
        "https://a.cn/1.jpg",
        "https://b.cn/2.png",
    )
    assert read_media("javascript:alert(1)") == ()
