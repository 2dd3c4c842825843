"""The words of the demo story: undated things told, and how they get their dates. No Django, no files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from wanhui.demo.table import StoryError

T = TypeVar("T")

# Fine kinds of the story, each with the coarser kind a case's measure has.
MEASURE_GROUPS = {
    **dict.fromkeys(("refund", "return", "exchange", "resend", "repair", "spare_part", "partial_refund"), "solution"),
    **dict.fromkeys(("coupon", "gift", "apology_letter", "freight", "upgrade"), "solution"),
    **{kind: kind for kind in ("page", "supplier", "process", "training")},
    **dict.fromkeys(("courier", "inspection", "facility"), "other"),
}


@dataclass(frozen=True)
class When:
    """A moment told relative to today: `day` 0 is today, 1 yesterday; `time` is local, None where only a date is known.

    `on` and `at` exist once the world is dated by `World.at`; before that they raise `StoryError`.
    """

    day: int
    time: clock_time | None = None
    today: date | None = None
    zone: str = ""

    @classmethod
    def parse(cls, text: str) -> When:
        """Reads "3 21:14" or "3" (date only)."""
        day, _, clock = text.partition(" ")
        try:
            return cls(int(day), clock_time.fromisoformat(clock) if clock else None)
        except ValueError as error:
            raise StoryError(f"'{text}' is no moment; write the day and the time, as in '3 21:14'.") from error

    @property
    def on(self) -> date:
        """The calendar day in the store's zone."""
        if self.today is None:
            raise StoryError("This world has no dates yet; call World.at(today) first.")
        return self.today - timedelta(days=self.day)

    @property
    def at(self) -> datetime | None:
        """The aware moment in the store's zone; None where the story tells only the day."""
        return None if self.time is None else datetime.combine(self.on, self.time, ZoneInfo(self.zone))

    @property
    def order(self) -> tuple[int, clock_time]:
        """Sorts from earlier to later; a day without time counts as its beginning."""
        return (-self.day, self.time or clock_time.min)


@dataclass(frozen=True)
class Store:
    """A shop: `platform`, `language` and `trade` are codes, `zone` an IANA name, `currency` an ISO code."""

    key: str
    name: str
    platform: str
    trade: str
    language: str
    zone: str
    currency: str


@dataclass(frozen=True)
class Product:
    """What is sold (a hotel's room type too); `price` in the store's currency, `skus` the variants by name."""

    key: str
    store: str
    name: str
    price: Decimal
    skus: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who works here; `roles` maps a store's key to the role there."""

    key: str
    name: str
    language: str
    roles: dict[str, str]


@dataclass(frozen=True)
class FollowUp:
    """A later text (追评) of the same customer, `days_after` the review."""

    when: When
    days_after: int
    text: str


@dataclass(frozen=True)
class Reply:
    """A public answer that stood on the platform before the desk was used."""

    when: When
    text: str


@dataclass(frozen=True)
class Contact:
    """One attempt to reach the customer; `who` is a person's key."""

    when: When
    channel: str
    who: str
    result: str
    note: str


@dataclass(frozen=True)
class Note:
    """A remark in the case's log."""

    when: When
    who: str
    text: str


@dataclass(frozen=True)
class Measure:
    """Something to be done: a remedy for the customer or a change in the house; `done` is None while it is open."""

    kind: str
    text: str
    owner: str
    done: When | None

    @property
    def group(self) -> str:
        """The coarser kind: solution, page, supplier, process, training or other."""
        return MEASURE_GROUPS[self.kind]


@dataclass(frozen=True)
class Draft:
    """The reply written in the desk; `approved_by` and `sent` are None while it waits."""

    style: str
    text: str
    author: str
    approved_by: str | None
    sent: When | None


@dataclass(frozen=True)
class History:
    """What the team did about a review: how far its case came, and everything logged on the way."""

    stage: str
    assignee: str | None
    claimed: When | None
    contacts: tuple[Contact, ...]
    notes: tuple[Note, ...]
    measures: tuple[Measure, ...]
    reply: Draft | None
    outcome: str | None
    conclusion: str
    closed: When | None


@dataclass(frozen=True)
class Review:
    """One review. `verdict` is the platform's own (good, neutral, bad); reviews of one `incident` share one case.

    `about`: the causes, the main one first, that the team finds where the desk is not sure; empty where nobody says.
    """

    key: str
    store: str
    product: str
    sku: str
    when: When
    stars: int | None
    verdict: str | None
    text: str
    about: tuple[str, ...]
    buyer: str
    order: str
    incident: str
    follow_ups: tuple[FollowUp, ...]
    reply: Reply | None
    history: History | None

    @property
    def bad(self) -> bool:
        """Two stars and fewer, or the platform says bad (the text is not judged here)."""
        return self.verdict == "bad" or (self.stars is not None and self.stars <= 2)

    @property
    def middling(self) -> bool:
        """Three stars, or the platform says neutral, unless it is bad."""
        return not self.bad and (self.verdict == "neutral" or self.stars == 3)


@dataclass(frozen=True)
class World:
    """Everything told, in the order of the files."""

    stores: tuple[Store, ...]
    products: tuple[Product, ...]
    people: tuple[Person, ...]
    reviews: tuple[Review, ...]

    def at(self, today: date) -> World:
        """The same world with real dates: `today` is day 0 in every store's own zone."""
        zones = {store.key: store.zone for store in self.stores}
        reviews = tuple(dated(review, today, zones[review.store]) for review in self.reviews)
        return replace(self, reviews=reviews)

    def latest_today(self, now: datetime) -> date:
        """The latest day 0 for which nothing told lies after the aware moment `now`."""
        day = max(now.astimezone(ZoneInfo(store.zone)).date() for store in self.stores)
        while any(_begin(when) > now for when in moments(self.at(day).reviews)):
            day -= timedelta(days=1)
        return day


def _begin(when: When) -> datetime:
    return when.at or datetime.combine(when.on, clock_time.min, ZoneInfo(when.zone))


def moments(told: object) -> Iterable[When]:
    """Every `When` inside dataclasses and tuples, however deep."""
    if isinstance(told, When):
        yield told
    elif isinstance(told, tuple):
        for item in told:
            yield from moments(item)
    elif is_dataclass(told):
        for field in fields(told):
            yield from moments(getattr(told, field.name))


def dated(told: T, today: date, zone: str) -> T:
    """A copy of `told` in which every `When` knows today and the zone."""
    if isinstance(told, When):
        return replace(told, today=today, zone=zone)
    if isinstance(told, tuple):
        return tuple(dated(item, today, zone) for item in told)  # type: ignore[return-value]
    if is_dataclass(told) and not isinstance(told, type):
        changes = {field.name: dated(getattr(told, field.name), today, zone) for field in fields(told)}
        return replace(told, **changes)
    return told
