"""Reviews with their verdicts, and cases, as the desk's pages need them; every text here is invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Product, Store
from wanhui.triage import rules
from wanhui.triage.models import Verdict

TEXT = "裤子还行，说好的赠品没有，客服也不理人。"
GIFT, SERVICE = (8, 12), (13, 19)


def review(
    store: Store,
    text: str = TEXT,
    *,
    stars: int | None = 1,
    causes: Sequence[tuple[str, tuple[int, int]]] = (("fulfilment", GIFT), ("service", SERVICE)),
    flags: Sequence[str] = (),
    hours_ago: float = 2,
    buyer: str = "t**8",
    product: str = "雾蓝色长裤",
    sentiment: str = "negative",
) -> Review:
    """A judged review that was published and seen some hours ago."""
    at = clock.now() - timedelta(hours=hours_ago)
    number = Review.objects.count() + 1
    thing, _made = Product.objects.get_or_create(store=store, name=product)
    found = Review.objects.create(
        store=store, product=thing, platform_id=f"R{number}", fingerprint=f"f{number}", text_digest=f"d{number}",
        text=text, raw=text, stars=stars, said_at=at, said_on=at.date(), precision="minute", seen_at=at, buyer=buyer,
        order_number="260001112223334",
    )
    verdict(found, causes=causes, flags=flags, sentiment=sentiment, at=at)
    return found


def verdict(
    about: Review,
    *,
    causes: Sequence[tuple[str, tuple[int, int]]],
    flags: Sequence[str] = (),
    sentiment: str = "negative",
    follow_up: FollowUp | None = None,
    at: datetime | None = None,
) -> Verdict:
    """The verdict that counts for one text."""
    found = Verdict(
        review=about, follow_up=follow_up, engine="test-1", made_at=at or clock.now(), language="zh-Hans",
        text_digest=(follow_up or about).text_digest, sentiment=sentiment,
        causes=[{"code": code, "sub": None, "score": 0.9, "evidence": [list(span)]} for code, span in causes],
        primary=causes[0][0] if causes else "", flags=list(flags),
    )
    stars = None if follow_up else about.stars
    found.severity = rules.severity(found.as_judgement(), stars)
    found.bad = rules.is_bad(stars, "", sentiment)
    found.middling = rules.is_middling(stars, "", sentiment)
    found.save()
    return found


def case(store: Store, text: str = TEXT, **more: object) -> Case:
    """A case that the pipeline opened for a bad review."""
    return cases.open_case(review(store, text, **more), actor=None)  # type: ignore[arg-type]
