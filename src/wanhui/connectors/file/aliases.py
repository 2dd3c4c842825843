"""The alias table: which column names mean which field. The names themselves are data, in aliases.toml."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

_TAIL = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]\s*$")
_LOOSE = re.compile(r"[\s_\-*:：]+")


def squeeze(name: str) -> str:
    """One spelling for names that differ only in width, case, blanks, joining signs or a bracket at the end."""
    text = unicodedata.normalize("NFKC", name).strip().strip("\ufeff'\"")
    shorter = _TAIL.sub("", text).strip()
    return _LOOSE.sub("", shorter or text).casefold()


@dataclass(frozen=True, slots=True)
class Totals:
    """Names of columns that hold totals: those that count reviews (`names`) and those that stand beside them."""

    names: frozenset[str]
    side: frozenset[str]
    patterns: re.Pattern[str]
    side_patterns: re.Pattern[str]


def _load() -> tuple[dict[str, tuple[str, ...]], Totals, frozenset[str]]:
    data = tomllib.loads(files(__package__).joinpath("aliases.toml").read_text(encoding="utf-8"))
    fields = {field: tuple(names) for field, names in data["fields"].items()}
    told = data["aggregate"]
    totals = Totals(
        frozenset(squeeze(name) for name in told["names"]),
        frozenset(squeeze(name) for name in told["side"]),
        re.compile("|".join(told["patterns"])),
        re.compile("|".join(told["side_patterns"])),
    )
    return fields, totals, frozenset(data["weak"]["names"])


FIELDS, TOTALS, WEAK_NAMES = _load()
_BY_NAME: dict[str, list[tuple[str, int]]] = {}
for _field, _names in FIELDS.items():
    for _rank, _name in enumerate(_names):
        _BY_NAME.setdefault(squeeze(_name), []).append((_field, _rank))


def meanings(name: str) -> list[tuple[str, int]]:
    """The fields a column name can stand for, each with its rank in that field's list (0 is the plainest)."""
    return _BY_NAME.get(squeeze(name), [])


def known_name(name: str) -> bool:
    """Is this a column name of the table?"""
    return squeeze(name) in _BY_NAME


def text_names(name: str) -> bool:
    """Can this name stand for the review's text?"""
    return any(field == "text" for field, _ in meanings(name))


def counts_reviews(name: str) -> bool:
    """Does a column of this name count or weigh reviews (好评率, 评价数, average rating …)?"""
    short = squeeze(name)
    return short in TOTALS.names or TOTALS.patterns.fullmatch(short) is not None


def beside_totals(name: str) -> bool:
    """Is this the name of a figure that stands beside such counts (sales, visitors, targets)?"""
    short = squeeze(name)
    return short in TOTALS.side or TOTALS.side_patterns.fullmatch(short) is not None
