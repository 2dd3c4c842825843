"""What the API takes and gives everywhere: bounded numbers and texts, pages of lists, problems."""

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

BIGGEST = 2**63 - 1
MOST = 200
# Whole Unicode characters without NUL, which no database keeps.
SOUND = r"^[^\x00]*$"
# How django.core.signing writes: value, moment, signature.
CURSOR = r"^[A-Za-z0-9_-]+:[A-Za-z0-9]+:[A-Za-z0-9_-]{43}$"
_DIGITS = re.compile(r"-?[0-9]{1,30}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
T = TypeVar("T")


def number(value: Any) -> Any:
    """Query texts such as "1.0", " 1" or "1_0" are not numbers here, though pydantic would read them."""
    return value if not isinstance(value, str) or _DIGITS.fullmatch(value) else "no number"


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 3.0 is the whole number 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _yes_or_no(value: Any) -> Any:
    """Of all the words pydantic takes for true and false, the plain ones."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    """A day is written as 2026-11-21; a moment or a number of seconds is none."""
    return value if isinstance(value, str) and _DATE.fullmatch(value) else "no day"


# In addresses and queries, where everything is text:
Id = Annotated[int, Field(ge=1, le=BIGGEST), BeforeValidator(number)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_yes_or_no)]
# In bodies, where a number is a number:
Whole = BeforeValidator(_whole)
Ref = Annotated[int, Field(strict=True, ge=1, le=BIGGEST), Whole]
Yes = Annotated[bool, Field(strict=True)]
Day = Annotated[date, BeforeValidator(_day)]
Word = Annotated[str, Field(max_length=80, pattern=SOUND)]
Line = Annotated[str, Field(max_length=300, pattern=SOUND)]
Text = Annotated[str, Field(max_length=10_000, pattern=SOUND)]


class Asked(BaseModel):
    """What a caller sends: a name that is not known is a mistake and is told."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What the desk answers."""


class Paging(BaseModel):
    """Which part of a list: at most `limit` entries, from where `cursor` (the `next` of the page before) says."""

    limit: Annotated[int, Field(ge=1, le=MOST), BeforeValidator(number)] = 50
    cursor: Annotated[str, Field(max_length=500, pattern=CURSOR)] | None = None


class Page(Told, Generic[T]):
    """Part of a list; `next` is the cursor of the part after it, null at the end."""

    items: list[T]
    next: str | None


class Wrong(Told):
    """One field that cannot be used."""

    field: str
    message: str
    code: str


class ProblemTold(Told):
    """Why something was not done (RFC 9457). `code` is stable and for programs, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    fields: list[Wrong] = []
