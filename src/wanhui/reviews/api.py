"""The API's door to a review that a person types, for places without an export."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import BeforeValidator, Field

from wanhui.accounts.api import caller, needs
from wanhui.accounts.models import User
from wanhui.accounts.rules import Scope
from wanhui.reviews import actions
from wanhui.reviews.models import Review
from wanhui.reviews.typed import MAX_TEXT, Typed
from wanhui.stores import queries as stores
from wanhui.web.shapes import SOUND, Asked, Day, Id, Line, Ref, Told, Whole, number

router = Router(tags=["Reviews"], auth=needs(Scope.IMPORT))
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Link = Annotated[str, Field(max_length=500, pattern=r"^(https?://[A-Za-z0-9.-]+(/[!-~]*)?)?$")]


class _Words(Asked):
    text: Annotated[str, Field(max_length=MAX_TEXT, pattern=SOUND)] = ""
    verdict: Literal["", "good", "neutral", "bad"] = ""
    said_on: Day | None = None
    said_time: Clock | None = None
    product: Line = ""
    buyer: Annotated[str, Field(max_length=120, pattern=SOUND)] = ""
    order: Annotated[str, Field(max_length=200, pattern=SOUND)] = ""
    link: Link = ""


class TypedAsked(_Words):
    """One review as it stands on the platform. Words or stars must be there; what is not known is left out."""

    store: Ref
    stars: Annotated[int, Field(strict=True, ge=1, le=5), Whole] | None = None


class PicturedAsked(_Words):
    """The same as form fields, beside a picture."""

    store: Id
    stars: Annotated[int, Field(ge=1, le=5), BeforeValidator(number)] | None = None


class TypedTold(Told):
    """The review that was taken in; it is judged within seconds."""

    id: int
    store: int
    text: str
    stars: int | None
    seen_at: datetime
    has_picture: bool


@router.post("/reviews", response={201: TypedTold})
def type_in(request: HttpRequest, asked: TypedAsked) -> TypedTold:
    """Type in one review."""
    return _take(caller(request), asked, None)


@router.post("/reviews/pictured", response={201: TypedTold})
def type_in_pictured(request: HttpRequest, asked: Form[PicturedAsked], screenshot: File[UploadedFile]) -> TypedTold:
    """Type in one review with its screenshot (PNG, JPEG or WebP, at most 8 MB)."""
    return _take(caller(request), asked, screenshot)


def _take(person: User, asked: TypedAsked | PicturedAsked, picture: UploadedFile | None) -> TypedTold:
    store = stores.store_for(person, asked.store)
    names = ("text", "stars", "verdict", "said_on", "product", "buyer", "order", "link")
    at = datetime.strptime(asked.said_time, "%H:%M").time() if asked.said_time else None
    typed = Typed(said_time=at, **{name: getattr(asked, name) for name in names})
    review = actions.type_in(store, typed, actor=person, screenshot=picture.file if picture else None)
    return _told(review)


def _told(review: Review) -> TypedTold:
    return TypedTold(id=review.pk, store=review.store_id, text=review.text, stars=review.stars,
                     seen_at=review.seen_at, has_picture=bool(review.screenshot))
