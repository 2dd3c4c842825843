"""The dashboard: each number with its denominator, and behind each link exactly the rows that were counted."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import makers
from tests.cast import Cast
from wanhui.analytics import queries
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.reviews.models import Review
from wanhui.stores.models import Product, Store

PRAISE = [{"code": "quality", "score": 0.9, "evidence": []}]
LINK = re.compile(r'<a href="(/(?:reviews|cases)/\?[^"]*)"[^>]*>([\d,.]+)</a>')


def judged(store: Store, day: date, *causes: str, stars: int = 1, product: Product | None = None) -> Review:
    """A judged review said on this day."""
    made = makers.review(store, f"{stars}星 {day}", stars=stars, said_on=day, product=product)
    makers.verdict(made, *causes, praises=PRAISE if stars > 3 else [])
    return made


@pytest.fixture
def shop(people: Cast) -> Cast:
    """A month of reviews in two stores: good and bad, with and without a product or a date, answered and closed."""
    coat = Product.objects.create(store=people.clothes, name="双面呢大衣")
    today = makers.today()
    for n in range(24):
        causes = ("quality", "delivery", "service.rude")[n % 3]
        bad = n % 2 == 0
        judged(people.clothes if n % 4 else people.hotel, today - timedelta(days=n % 12), *([causes] if bad else []),
               stars=1 if bad else 5, product=coat if n % 4 else None)
    judged(people.clothes, today, stars=1)
    makers.verdict(makers.review(people.clothes, "没有日期", said_on=None, said_at=None), "price")
    makers.verdict(makers.review(people.clothes, "三星", stars=3), "price", sentiment="mixed")
    makers.review(people.clothes, "还没判断")
    judged(people.clothes, today - timedelta(days=40), "quality", product=coat)
    _cases(people)
    makers.count()
    return people


def _cases(people: Cast) -> None:
    now = clock.now()
    told = [
        (30, 2, "satisfied"), (30, 26, "not_won"), (50, None, "void"), (2, None, ""), (40, None, ""),
        (5, 1, "good_follow_up"),
    ]  # fmt: skip
    for n, (seen, replied, outcome) in enumerate(told):
        case = makers.case(people.clothes, f"第{n}张")
        seen_at = now - timedelta(hours=seen)
        Case.objects.filter(pk=case.pk).update(
            seen_at=seen_at, first_reply_at=seen_at + timedelta(hours=replied) if replied else None
        )
        if outcome:
            cases.close(case, outcome, "结论写在这里", actor=people.mei)


def rows_behind(client: Client, address: str) -> int:
    """How many rows a list shows in all, page by page."""
    found, page = 0, address
    while True:
        answer = client.get(page)
        assert answer.status_code == 200, page
        found += len(answer.context["lines"])
        if not answer.context["next"]:
            return found
        page = f"{address}&before={answer.context['next']}"


@pytest.mark.parametrize("narrowed", ["", "?days=7", "?days=365", "?store=1"])
def test_behind_each_number_lie_exactly_the_rows_it_counts(shop: Cast, as_mei: Client, narrowed: str) -> None:
    page = as_mei.get(f"/figures/{narrowed.replace('store=1', f'store={shop.clothes.pk}')}").content.decode()
    links = {(unescape(url), int(re.sub(r"\D", "", n))) for url, n in LINK.findall(page)}
    assert len(links) > 15
    wrong = [(url, n, found) for url, n in links if (found := rows_behind(as_mei, url)) != n]
    assert wrong == []


def test_the_areas_of_the_chart_lead_to_the_day_they_stand_over(shop: Cast, as_mei: Client) -> None:
    page = as_mei.get("/figures/?days=7").content.decode()
    areas = re.findall(r'<a href="([^"]+)" tabindex="-1"><rect x="([\d.]+)" width="([\d.]+)" [^>]*><title>', page)
    assert len(areas) == 14
    places = [float(x) for _url, x, _width in areas[:7]]
    assert places == sorted(places)
    assert unescape(areas[6][0]).endswith(f"from={makers.today()}&to={makers.today()}")


def test_a_page_says_what_it_compares_with_and_of_how_many(shop: Cast, as_mei: Client) -> None:
    found = queries.dashboard(shop.mei, clock.now())
    assert found.now.bad_rate.denominator == 26 + 6 + 1
    assert (found.before.bad_rate.numerator, found.before.bad_rate.denominator) == (1, 1)
    assert found.now.window.first - found.before.window.last == timedelta(days=1)
    assert (found.now.answered_24h.numerator, found.now.answered_24h.denominator) == (2, 5)
    assert (found.now.won_back.numerator, found.now.won_back.denominator) == (2, 3)
    assert (found.now.answers.seen, found.now.closed, found.live.open, found.live.undecided) == (6, 4, 2, 1)


def test_days_are_days_of_the_store_and_not_of_the_server(people: Cast) -> None:
    """21:30 in Berlin is the next morning in Shanghai."""
    evening = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    with clock.at(evening):
        for store in (people.otto, people.clothes):
            makers.verdict(makers.review(store, "没有日期", said_on=None, said_at=None), "price")
    makers.count()
    found = {}
    for person in (people.anna, people.mei):
        bars = queries.bad_by_bar(person, evening, days=7)
        found[person.username] = [bar.first for bar, counts in bars if counts]
    assert found == {"anna": [date(2026, 11, 20)], "mei": [date(2026, 11, 21)]}


def test_one_bad_review_of_one_is_not_the_worst_product(people: Cast) -> None:
    names = {"一条": (1, 1), "四条": (4, 4), "常差": (12, 40), "偶差": (2, 40), "全差": (5, 5)}
    for name, (bad, all_) in names.items():
        product = Product.objects.create(store=people.clothes, name=name)
        for n in range(all_):
            judged(people.clothes, makers.today(), *(["quality"] if n < bad else []), stars=1 if n < bad else 5,
                   product=product)
    makers.count()
    worst = queries.dashboard(people.mei, clock.now()).worst
    assert [one.product.name for one in worst] == ["全差", "常差", "偶差"]
    assert worst[0].cause == "quality"
    assert worst[0].change is None


def test_what_a_page_costs_does_not_grow_with_stores_reviews_or_products(shop: Cast, as_mei: Client) -> None:
    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert as_mei.get(address).status_code == 200
        return len(seen)

    first = {address: queries_of(address) for address in ("/figures/", "/figures/bad-by-day.svg")}
    for n in range(30):
        product = Product.objects.create(store=shop.hotel, name=f"房型{n}")
        judged(shop.hotel, makers.today() - timedelta(days=n), "hygiene", product=product)
    makers.count()
    assert {address: queries_of(address) for address in first} == first
    with CaptureQueriesContext(connection) as seen:
        queries.figures(shop.mei, clock.now())
    assert len(seen) == 6
    with CaptureQueriesContext(connection) as seen:
        queries.dashboard(shop.mei, clock.now())
    assert len(seen) == 18
    assert not [query for query in seen if "triage_verdict" in query["sql"] or "reviews_review" in query["sql"]]


def test_a_page_that_lags_says_since_when(shop: Cast, as_mei: Client) -> None:
    assert as_mei.get("/figures/").context["found"].as_of_now
    open_case = Case.objects.filter(closed_at=None).first()
    assert open_case is not None
    before = clock.now()
    cases.close(open_case, "not_won", "联系不上顾客", actor=shop.mei)
    found = queries.dashboard(shop.mei, clock.now())
    assert not found.as_of_now
    assert before <= found.as_of <= clock.now()


def test_an_empty_desk_says_what_will_be_here(people: Cast, as_mei: Client) -> None:
    page = as_mei.get("/figures/").content.decode()
    assert page.count(reverse("connectors:start")) > 1
    assert "figure-card" not in page
    assert "bad-by-day.svg" not in page


def test_a_stranger_sees_no_figure_of_others(shop: Cast, client: Client) -> None:
    client.force_login(shop.anna)
    page = client.get(f"/figures/?store={shop.clothes.pk}").content.decode()
    assert "双面呢大衣" not in page
    assert not LINK.findall(page)


def test_a_product_of_unfriendly_name_is_shown_as_text(people: Cast, as_mei: Client) -> None:
    product = Product.objects.create(store=people.clothes, name="<script>alert(1)</script>")
    for _ in range(6):
        judged(people.clothes, makers.today(), "quality", product=product)
    makers.count()
    page = as_mei.get("/figures/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_below_a_cause_stands_what_is_said_most_in_particular(shop: Cast, as_mei: Client) -> None:
    for sub in ("service.cold", "service.cold", "service.slow_answer", "service.shirking", "service.no_answer"):
        judged(shop.clothes, makers.today(), sub)
    makers.count()
    found = as_mei.get(reverse("analytics:figures"))
    subs = {code: n for code, n in found.context["found"].subs if code.startswith("service.")}
    rude = subs.pop("service.rude")
    assert rude > 1
    assert subs == {"service.cold": 2, "service.slow_answer": 1, "service.shirking": 1, "service.no_answer": 1}
    (service,) = (row for row in found.context["mirrored"] if len(row.subs) > 1)
    assert [link.n for _label, link in service.subs] == [rude, 2, 1]
