"""Follow-ups inside the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors.file.followups import Part, read_days, split_follow_ups


@pytest.mark.parametrize(
    ("cell", "main", "parts"),
    [
        ("很喜欢4天后追评：洗了就掉色", "很喜欢", (Part("洗了就掉色", 4),)),
        ("4天后追评：洗了就掉色", "", (Part("洗了就掉色", 4),)),
        ("当天追评：少发一件", "", (Part("少发一件", 0),)),
        ("很喜欢\n收货后12天追加：开线了", "很喜欢", (Part("开线了", 12),)),
        ("收到货后三天追评：有异味", "", (Part("有异味", 3),)),
        ("不错。2个月后追加评论: 坏了", "不错。", (Part("坏了", 60),)),
        ("好（3天后追评）坏了", "好", (Part("坏了", 3),)),
        ("[追评]还是坏的", "", (Part("还是坏的", None),)),
        ("很好 【追评】：开裂", "很好", (Part("开裂", None),)),
        ("很好！追评：开裂了", "很好！", (Part("开裂了", None),)),
        ("好3天后追评：一般15天后追评：坏了", "好", (Part("一般", 3), Part("坏了", 15))),
    ],
)
def test_a_mark_parts_the_texts(cell: str, main: str, parts: tuple[Part, ...]) -> None:
    assert split_follow_ups(cell) == (main, parts)


@pytest.mark.parametrize(
    "text",
    [
        "用后再追评",
        "先好评，有效果再追评：）"[:-2],
        "看别人追评说不错",
        "10天后追评",
        "等5天后来追评吧",
        "还行(打算10天后追评)",
        "他们的追评：都很好"[:5],
    ],
)
def test_speaking_of_a_follow_up_is_no_mark(text: str) -> None:
    assert split_follow_ups(text) == (text, ())


@given(st.text(max_size=60))
def test_texts_without_a_mark_stay_whole(text: str) -> None:
    if "追" not in text:
        assert split_follow_ups(text) == (text, ())


@given(
    st.text(st.characters(exclude_characters="追"), max_size=20),
    st.integers(0, 999),
    st.text(st.characters(exclude_characters="追"), min_size=1, max_size=20),
)
def test_nothing_but_the_mark_is_lost(first: str, days: int, later: str) -> None:
    main, parts = split_follow_ups(f"{first}。{days}天后追评：{later}")
    assert main == f"{first}。".strip()
    assert [part.text for part in parts] == ([later.strip()] if later.strip() else [])


@pytest.mark.parametrize(
    ("cell", "days"),
    [("5", 5), ("收货后5天", 5), ("当天", 0), ("十二天后", 12), ("2周后追评", 14), ("", None), ("昨天", None)],
)
def test_days_in_their_own_cell(cell: str, days: int | None) -> None:
    assert read_days(cell) == days
