"""The chart: drawn from what this person may see, once for each state, in the reader's language and light."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from wanhui.analytics import charts, rules
from wanhui.analytics.charts import OTHER, stacked
from wanhui.web import charts as drawing
from wanhui.web.charts import NARROW, WIDE, Look

ADDRESS = "/figures/bad-by-day.svg"
CAUSES = ("quality", "delivery", "service", "damage", "price", "hygiene", "noise", "location", "")


@pytest.fixture
def week(people: Cast) -> Cast:
    """A bad review a day in the clothing shop, and one at the other owner's."""
    cache.clear()
    for n in range(7):
        made = makers.review(people.clothes, f"第{n}天", said_on=makers.today() - timedelta(days=n))
        makers.verdict(made, CAUSES[n])
    makers.verdict(makers.review(people.otto, "kaputt"), "damage")
    makers.count()
    return people


def test_the_picture_is_plain_svg_that_asks_nobody_for_anything(week: Cast, as_mei: Client) -> None:
    answer = as_mei.get(f"{ADDRESS}?days=7")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    svg = answer.content.decode()
    root = ElementTree.fromstring(svg)
    assert (root.get("width"), root.get("height")) == (str(WIDE.width), str(WIDE.height))
    assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"]
    assert "<script" not in svg
    assert svg.count('aria-roledescription="bar"') == 7


def test_days_are_written_as_the_reader_writes_them(week: Cast, as_mei: Client, client: Client) -> None:
    today = makers.today()
    assert f"{today.month}月" in as_mei.get(f"{ADDRESS}?days=7").content.decode()
    client.force_login(week.anna)
    german = client.get(f"{ADDRESS}?days=7", headers={"Accept-Language": "de"}).content.decode()
    assert re.search(r">\d+\.\d+\.</text>", german), re.findall(r">([^<]+)</text>", german)


def test_a_phone_and_a_dark_desk_get_pictures_of_their_own(week: Cast, as_mei: Client) -> None:
    light, dark, narrow = (as_mei.get(f"{ADDRESS}?days=7{more}") for more in ("", "&dark=1", "&size=narrow"))
    assert drawing.HUES[False][0] in light.content.decode()
    assert drawing.HUES[True][0] in dark.content.decode()
    assert f'width="{NARROW.width}"' in narrow.content.decode()
    assert len({answer.headers["ETag"] for answer in (light, dark, narrow)}) == 3


def test_the_same_state_is_drawn_once_and_not_sent_twice(
    week: Cast, as_mei: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Look] = []
    draw = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda chart, look: drawn.append(look) or draw(chart, look))
    first, second = as_mei.get(ADDRESS), as_mei.get(ADDRESS)
    assert first.content == second.content
    assert len(drawn) == 1
    again = as_mei.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    made = makers.review(week.clothes, "又一条")
    makers.verdict(made, "quality")
    makers.count()
    assert as_mei.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert len(drawn) == 2


def test_the_address_of_somebody_elses_picture_shows_ones_own_data(
    week: Cast, as_mei: Client, client: Client
) -> None:
    page = as_mei.get(f"/figures/?days=7&store={week.clothes.pk}").content.decode()
    found = re.search(r'<img src="([^"]+)"', page)
    assert found is not None
    address = found[1].replace("&amp;", "&")
    hers = as_mei.get(address)
    client.force_login(week.anna)
    mine = client.get(address, headers={"If-None-Match": hers.headers["ETag"]})
    assert mine.status_code == 200
    assert mine.content != hers.content
    assert mine.content.decode().count('aria-roledescription="bar"') == 1
    client.logout()
    assert client.get(address).status_code == 302


def test_drawing_never_fetches_data_from_an_address() -> None:
    import altair

    chart = altair.Chart("http://127.0.0.1:9/rows.json").mark_bar().encode(x="a:O")
    with pytest.raises(ValueError, match="not allowed"):
        drawing.draw(chart, Look(WIDE, False, "en"))


@given(st.lists(st.dictionaries(st.sampled_from(CAUSES), st.integers(1, 9)), min_size=1, max_size=40))
def test_stacking_loses_no_review(counts: list[dict[str, int]]) -> None:
    windows = rules.bars(rules.last_days(makers.LONG_AGO.date(), len(counts)))
    shown = stacked(list(zip(windows, counts, strict=True)))
    assert shown.total == sum(sum(one.values()) for one in counts)
    assert [sum(part) for part in shown.parts] == [sum(one.values()) for one in counts]
    assert sum(shown.of(cause) for cause in shown.causes) == shown.total
    assert len(shown.causes) <= len(drawing.HUES[False])
    assert "" not in shown.causes
    assert all(cause == OTHER for cause in shown.causes[6:])


@pytest.mark.parametrize("counts", [[{}], [{"quality": 1}, {}], [dict.fromkeys(CAUSES, 2)] * 300])
def test_every_shape_of_data_can_be_drawn(counts: list[dict[str, int]]) -> None:
    windows = rules.bars(rules.last_days(makers.LONG_AGO.date(), len(counts)))
    shown = stacked(list(zip(windows, counts[: len(windows)], strict=True)))
    for look in (Look(WIDE, False, "zh"), Look(NARROW, True, "de")):
        assert drawing.draw(charts.bad_by_bar(shown, look), look).startswith("<svg")
