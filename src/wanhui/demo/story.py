"""The demo world as a story: four invented shops, their people and reviews, dated relative to today.

`load()` reads the toml files beside this module and returns an undated `World`; `World.at(today)` returns the same
world with every `When` knowing its calendar day and, where the story gives a time, its aware moment in the store's
zone. Nothing here knows Django or a database; everything told is invented.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from importlib import resources

from wanhui.demo import checks
from wanhui.demo.table import StoryError, Table
from wanhui.demo.told import (
    Contact,
    Draft,
    FollowUp,
    History,
    Measure,
    Note,
    Person,
    Product,
    Reply,
    Review,
    Store,
    When,
    World,
    dated,
    moments,
)

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
    reviews = [dated(_review(store, row), today, zone) for row in _read("fresh_export.toml").tables("review")]
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
        about=row.words("about") if row.has("about") else (),
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
        notes=tuple(
            item.done(Note(_when(item, "at"), item.text("who"), item.text("text"))) for item in row.tables("notes")
        ),
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
    return row.done(
        Draft(row.text("style"), row.text("text"), row.text("author", author), approved_by, _maybe(row, "sent"))
    )


def _when(row: Table, key: str) -> When:
    return row.named(lambda: When.parse(row.text(key)))


def _maybe(row: Table, key: str) -> When | None:
    return _when(row, key) if row.has(key) else None


__all__ = [
    "EXPORT_HEADERS", "SHOPS", "Contact", "Draft", "FollowUp", "History", "Measure", "Note", "Person", "Product",
    "Reply", "Review", "Store", "StoryError", "When", "World", "dated", "export_rows", "load", "moments",
]  # fmt: skip
