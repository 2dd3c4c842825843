"""Loads the demo world: stores, people and a season of reviews, told through the desk's own verbs at their own times.

Nothing is written past the rooms' actions: what a visitor sees in the demo is what the desk makes of such files and
deeds, and every verb leaves its trace. All stores are of kind demo, so they count in no figure.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.accounts.rules import Role
from wanhui.analytics import actions as analytics
from wanhui.connectors import actions as connectors
from wanhui.demo import retell, story
from wanhui.kit import clock
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review as StoredReview
from wanhui.stores import actions as stores
from wanhui.stores.models import Store

HEADERS = ("review_id", "product_name", "sku", "order_id", "reviewer_name", "rating", "评价类型", "body", "created",
           "append_content", "append_days", "append_time", "reply", "reply_date")  # fmt: skip
VERDICTS = {"good": "好评", "neutral": "中评", "bad": "差评", None: ""}
# The shops of the story moved into the desk this many days ago; what was said on earlier days is their archive.
MOVED_IN = 50
# Since then they look at the platforms every morning, one shop after the other.
FIRST_LOOK, BETWEEN = time(8, 40), timedelta(minutes=25)
# While the archive comes in no age is young enough for a case; from then on the desk's own habit holds.
MAX_CASE_AGE = 30
LANGUAGES = {"zh-Hans": "zh-hans", "de": "de", "en": "en"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it."""

    stores: int
    reviews: int
    cases: int


def is_loaded() -> bool:
    """Whether there is any store at all: the demo is for an empty desk."""
    return Store.objects.exists()


def load(now: datetime, tell: Callable[[str], None] = lambda _name: None) -> Loaded:
    """Tell the whole story up to `now` (aware). Idempotent no more than a story is: call it on a desk without demo.

    tell: called with each store's name before it is told, for showing progress.
    """
    told = story.load()
    world = told.at(told.latest_today(now))
    people = {person.key: _person(person) for person in world.people}
    for shop in world.stores:
        tell(shop.name)
        _tell_shop(shop, world, people, now)
    analytics.recount()
    demo = Store.objects.filter(kind=Store.Kind.DEMO)
    reviews = StoredReview.objects.filter(store__in=demo)
    return Loaded(demo.count(), reviews.count(), reviews.exclude(case_review=None).count())


def _person(person: story.Person) -> User:
    known = User.objects.filter(username=person.key).first()
    if known is not None:
        return known
    language = LANGUAGES.get(person.language, "zh-hans")
    return accounts.make_person(person.key, person.name, actor=None, language=language, can_sign_in=False)[0]


def _tell_shop(shop: story.Store, world: story.World, people: dict[str, User], now: datetime) -> None:
    reviews = [review for review in world.reviews if review.store == shop.key]
    staff = {person.key: person.roles[shop.key] for person in world.people if shop.key in person.roles}
    owner = people[next(key for key, role in staff.items() if role == Role.OWNER)]
    moved_in = _said(reviews[0]).replace(hour=8, minute=0, second=0, microsecond=0)
    moved_in += timedelta(days=reviews[0].when.day - MOVED_IN)
    with clock.at(moved_in):
        store = stores.open_store(shop.name, shop.platform, actor=owner, kind=Store.Kind.DEMO)
        for key, role in staff.items():
            if people[key] != owner:
                stores.set_role(store, people[key], Role(role), actor=owner)
        stores.change_settings(store, {"max_case_age_days": 0}, actor=owner)
    products = {product.key: product.name for product in world.products}
    told = {review.key: review for review in reviews}
    team = retell.Team(people)
    look = datetime.combine(now, FIRST_LOOK) + BETWEEN * world.stores.index(shop)
    checker = people[next((key for key, role in staff.items() if role == Role.LEAD), owner.username)]
    for moment, seen in sorted(_looks(reviews, look.time(), moved_in, now).items()):
        team.acts_until(moment)
        with clock.at(moment):
            retell.check(store, told, checker)
            _bring_in(store, [_row(review, products, moment) for review in seen], owner)
            drain()
            if moment == moved_in:
                # What is put right in the archive counts while no age is young enough for a case.
                retell.check(store, told, checker)
                drain()
                stores.change_settings(store, {"max_case_age_days": MAX_CASE_AGE}, actor=owner)
        team.sees(seen, store)
    team.acts_until(now)


def _said(review: story.Review) -> datetime:
    when = review.when
    return when.at or datetime.combine(when.on, datetime.min.time(), ZoneInfo(when.zone)) + timedelta(hours=8)


def _looks(
    reviews: Iterable[story.Review], look: time, moved_in: datetime, now: datetime
) -> dict[datetime, list[story.Review]]:
    """Which reviews are seen at which moment: the archive on moving in, later ones at the next look after they were
    said and before the team acts on them."""
    found: dict[datetime, list[story.Review]] = defaultdict(list)
    for review in reviews:
        first = min([_next(look, _said(review)), *retell.first_deed(review), now])
        found[max(first, _said(review) + timedelta(minutes=1), moved_in)].append(review)
        for later in review.follow_ups:
            seen = _next(look, later.when.at or _said(review) + timedelta(days=later.days_after))
            if review not in found[max(min(seen, now), moved_in)]:
                found[max(min(seen, now), moved_in)].append(review)
    return found


def _next(look: time, said: datetime) -> datetime:
    """The first look at this time of day after the moment."""
    same_day = said.replace(hour=look.hour, minute=look.minute, second=0, microsecond=0)
    return same_day if same_day > said else same_day + timedelta(days=1)


def _row(review: story.Review, products: dict[str, str], moment: datetime) -> dict[str, str]:
    """A review as the platform's export shows it at that moment: with the follow-ups that exist by then."""
    when = review.when
    later = [f for f in review.follow_ups if (f.when.at or _said(review) + timedelta(days=f.days_after)) <= moment]
    last = later[-1] if later else None
    values = (
        review.key, products[review.product], review.sku, review.order, review.buyer,
        "" if review.stars is None else str(review.stars), VERDICTS[review.verdict], review.text, _stamp(when),
        last.text if last else "", str(last.days_after) if last else "", _stamp(last.when) if last else "",
        review.reply.text if review.reply else "", review.reply.when.on.isoformat() if review.reply else "",
    )  # fmt: skip
    return dict(zip(HEADERS, values, strict=True))


def _stamp(when: story.When) -> str:
    return when.at.strftime("%Y-%m-%d %H:%M:%S") if when.at else when.on.isoformat()


def _bring_in(store: Store, rows: list[dict[str, str]], actor: User) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADERS)
    writer.writeheader()
    writer.writerows(rows)
    name = f"{store.name} {clock.now():%Y-%m-%d}.csv"
    source = connectors.receive(store, io.BytesIO(text.getvalue().encode("utf-8-sig")), name, actor=actor)
    connectors.confirm(source, actor=actor)
