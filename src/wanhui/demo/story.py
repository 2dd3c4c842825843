"""The demo world as a story: four invented shops, their people and reviews, dated relative to today.

`load()` reads the toml files beside this module and returns an undated `World`; `World.at(today)` returns the same
world with every `When` knowing its calendar day and, where the story gives a time, its aware moment in the store's
zone. Nothing here knows Django or a database; everything told is invented.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wanhui.demo import checks
from wanhui.demo.checks import StoryError
from wanhui.demo.table import Table

SHOPS = ("clothing", "snacks", "hotel", "nordheim")
EXPORT_HEADERS = (
    "评价编号",
    "商品名称",
    "规格",
    "买家昵称",
    "评价星级",
    "评价内容",
    "评价时间",
    "追评内容",
    "商家回复",
)

T = TypeVar("T")


@dataclass(frozen=True)
class When:
    """A moment told relative to today: `day` 0 is today, 1 yesterday; `time` is local, None where only a date is known.

    `on` and `at` exist once the world is dated by `World.at`; before that they raise `StoryError`.
    """

    day: int
    time: time | None = None
    today: date | None = None
    zone: str = ""

    @classmethod
    def parse(cls, text: str) -> When:
        """Reads "3 21:14" or "3" (date only)."""
        day, _, clock = text.partition(" ")
        try:
            return cls(int(day), time.fromisoformat(clock) if clock else None)
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
    def order(self) -> tuple[int, time]:
        """Sorts from earlier to later; a day without time counts as its beginning."""
        return (-self.day, self.time or time.min)


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
    """One review. `verdict` is the platform's own (good, neutral, bad); reviews of one `incident` share one case."""

    key: str
    store: str
    product: str
    sku: str
    when: When
    stars: int | None
    verdict: str | None
    text: str
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
        dated = tuple(_dated(review, today, zones[review.store]) for review in self.reviews)
        return replace(self, reviews=dated)

    def latest_today(self, now: datetime) -> date:
        """The latest day 0 for which nothing told lies after the aware moment `now`."""
        day = max(now.astimezone(ZoneInfo(store.zone)).date() for store in self.stores)
        while any(_begin(when) > now for when in moments(self.at(day).reviews)):
            day -= timedelta(days=1)
        return day


def _begin(when: When) -> datetime:
    return when.at or datetime.combine(when.on, time.min, ZoneInfo(when.zone))


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


def _dated(told: T, today: date, zone: str) -> T:
    """A copy of `told` in which every `When` knows today and the zone."""
    if isinstance(told, When):
        return replace(told, today=today, zone=zone)
    if isinstance(told, tuple):
        return tuple(_dated(item, today, zone) for item in told)  # type: ignore[return-value]
    if is_dataclass(told) and not isinstance(told, type):
        changes = {field.name: _dated(getattr(told, field.name), today, zone) for field in fields(told)}
        return replace(told, **changes)
    return told


@cache
def load() -> World:
    """The whole world, undated and checked; raises `StoryError` naming the file, the entry and what is wrong."""
    shops = [(key, _read(f"{key}.toml")) for key in SHOPS]
    world = World(
        stores=tuple(_store(key, shop.table("store")) for key, shop in shops),
        products=tuple(_product(key, row) for key, shop in shops for row in shop.tables("product")),
        people=tuple(_person(row) for row in _read("people.toml").tables("person")),
        reviews=tuple(_review(key, row) for key, shop in shops for row in shop.tables("review")),
    )
    checks.check(world)
    return world


def export_rows(store: str, since_day: int, today: date) -> list[dict[str, str]]:
    """Fresh reviews that are not in the story, as rows of a seller's export with `EXPORT_HEADERS`, newest first.

    Only reviews of the last `since_day` days; `store` must be "clothing", the one shop with fresh material.
    """
    if store != "clothing":
        raise StoryError(f"There is no fresh export for '{store}'; only for 'clothing'.")
    world = load()
    names = {product.key: product.name for product in world.products}
    zone = next(shop.zone for shop in world.stores if shop.key == store)
    reviews = [_dated(_review(store, row), today, zone) for row in _read("fresh_export.toml").tables("review")]
    checks.check(replace(world, reviews=tuple(reviews)))
    chosen = sorted((r for r in reviews if r.when.day <= since_day), key=lambda r: r.when.order, reverse=True)
    return [_export_row(review, names[review.product]) for review in chosen]


def _export_row(review: Review, product: str) -> dict[str, str]:
    said = review.when.at.strftime("%Y-%m-%d %H:%M:%S") if review.when.at else review.when.on.isoformat()
    stars = "" if review.stars is None else str(review.stars)
    follow_ups = "\n".join(f"{item.days_after}天后追评：{item.text}" for item in review.follow_ups)
    reply = review.reply.text if review.reply else ""
    values = (review.key, product, review.sku, review.buyer, stars, review.text, said, follow_ups, reply)
    return dict(zip(EXPORT_HEADERS, values, strict=True))


def _read(name: str) -> Table:
    raw = (resources.files("wanhui.demo") / "world" / name).read_text(encoding="utf-8")
    try:
        return Table(name, tomllib.loads(raw))
    except tomllib.TOMLDecodeError as error:
        raise StoryError(f"{name} is not valid toml: {error}") from error


def _store(key: str, row: Table) -> Store:
    words = ("name", "platform", "trade", "language", "zone", "currency")
    return row.done(Store(key, **{word: row.text(word) for word in words}))


def _product(store: str, row: Table) -> Product:
    price, skus = Decimal(row.text("price")), row.words("skus")
    return row.done(Product(row.text("key"), store, row.text("name"), price, skus))


def _person(row: Table) -> Person:
    roles = {store: str(role) for store, role in row.raw("roles", dict).items()}
    return row.done(Person(row.text("key"), row.text("name"), row.text("language"), roles))


def _review(store: str, row: Table) -> Review:
    when = _when(row, "at")
    history = row.table("history") if row.has("history") else None
    reply = row.table("reply") if row.has("reply") else None
    review = Review(
        key=row.text("id"),
        store=store,
        product=row.text("product"),
        sku=row.text("sku", ""),
        when=when,
        stars=row.number("stars"),
        verdict=row.text("verdict", "") or None,
        text=row.text("text", ""),
        buyer=row.text("buyer"),
        order=row.text("order", ""),
        incident=row.text("incident", ""),
        follow_ups=tuple(_follow_up(when, item) for item in row.tables("follow_ups")),
        reply=reply.done(Reply(_when(reply, "at"), reply.text("text"))) if reply else None,
        history=_history(history) if history else None,
    )
    return row.done(review)


def _follow_up(said: When, row: Table) -> FollowUp:
    days = row.number("days_after") or 0
    clock = row.text("time", "")
    when = When(said.day - days, time.fromisoformat(clock) if clock else None)
    return row.done(FollowUp(when, days, row.text("text")))


def _history(row: Table) -> History:
    assignee = row.text("assignee", "") or None
    history = History(
        stage=row.text("stage"),
        assignee=assignee,
        claimed=_maybe(row, "claimed"),
        contacts=tuple(_contact(item) for item in row.tables("contacts")),
        notes=tuple(item.done(Note(_when(item, "at"), item.text("who"), item.text("text"))) for item in row.tables("notes")),
        measures=tuple(_measure(item) for item in row.tables("measures")),
        reply=_draft(row.table("reply"), assignee or "") if row.has("reply") else None,
        outcome=row.text("outcome", "") or None,
        conclusion=row.text("conclusion", ""),
        closed=_maybe(row, "closed"),
    )
    return row.done(history)


def _contact(row: Table) -> Contact:
    words = {word: row.text(word) for word in ("channel", "who", "result")}
    return row.done(Contact(_when(row, "at"), note=row.text("note", ""), **words))


def _measure(row: Table) -> Measure:
    return row.done(Measure(row.text("kind"), row.text("text"), row.text("owner"), _maybe(row, "done")))


def _draft(row: Table, author: str) -> Draft:
    approved_by = row.text("approved_by", "") or None
    return row.done(Draft(row.text("style"), row.text("text"), row.text("author", author), approved_by, _maybe(row, "sent")))


def _when(row: Table, key: str) -> When:
    return row.named(lambda: When.parse(row.text(key)))


def _maybe(row: Table, key: str) -> When | None:
    return _when(row, key) if row.has(key) else None


__all__: list[Any] = [
    "EXPORT_HEADERS", "SHOPS", "Contact", "Draft", "FollowUp", "History", "Measure", "Note", "Person", "Product",
    "Reply", "Review", "Store", "StoryError", "When", "World", "export_rows", "load", "moments",
]  # fmt: skip
