"""What makes two rows the same review, and what a row that comes again means. Pure: rows in, decisions out.

Order of proof: the platform's id; else the k-th equal row of a file is the k-th equal one stored; else a unique
(product, buyer, second), the only way to see an edit without an id (design, section 5.1).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from hashlib import sha256

from wanhui.connectors.file.rows import ReviewRow

_NOT_WORDS = re.compile(r"[\W_]+")
_MASK = re.compile(r"[*•●·…]+")
_NAMELESS = re.compile(r"\**|匿名.{0,4}|anonymous( user)?|anonym|(淘宝|京东|拼多多|美团|携程)?用户")

SecondKey = tuple[str, str, datetime]


class Kind(StrEnum):
    """What a row turned out to be."""

    NEW = "new"
    DUPLICATE = "duplicate"
    EDITED = "edited"
    FOLLOW_UP_ADDED = "follow_up_added"


def words(text: str) -> str:
    """The letters and digits of a text in one form.

    Width, case, blanks, signs and emoji are no words: exports lose them (GBK turns an emoji into "?"), and that must
    not look like an edit. A text of signs alone keeps them.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORDS.sub("", folded) or "".join(folded.split())


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever an export did to their signs."""
    return words(one) == words(other)


def text_digest(text: str, stars: int | None = None, verdict: str = "") -> str:
    """64 hex digits that change when the customer edits words or stars: a judgement of the old ones is then stale."""
    return _digest((words(text), "" if stars is None else str(stars), verdict))


def fingerprint(row: ReviewRow) -> str:
    """64 hex digits, equal for rows that say the same of the same purchase; the store is no part of it.

    In it: product (id, else name), SKU, order, buyer as shown, time as precise as given, words, stars, the platform's
    verdict: whatever tells two reviews apart. Not in it, because it comes later or drifts: the shop's reply,
    follow-ups, tags, media, the anonymous flag, and the platform's id (it is asked first).
    """
    product = f"id:{row.product_id}" if row.product_id else words(row.product_name)
    stars = "" if row.stars is None else str(row.stars)
    parts = (product, words(row.sku), row.order_id, shown_name(row.buyer), _moment(row), words(row.text))
    return _digest((*parts, stars, row.platform_verdict))


def shown_name(name: str) -> str:
    """A buyer's name as exports show it: one form, and one sign for a mask however long it is drawn."""
    return _MASK.sub("*", unicodedata.normalize("NFKC", name).casefold().strip())


def second_key(product: str, buyer: str, said_at: datetime | None, precision: str) -> SecondKey | None:
    """(product, buyer, second) if it can prove anything: all three known, the buyer not just "anonymous"."""
    name = shown_name(buyer)
    if precision != "second" or said_at is None or not product or _NAMELESS.fullmatch(name):
        return None
    return product, name, said_at.astimezone(UTC)


def product_key(product_id: str, name: str) -> str:
    """A product in one form: its id, else its name."""
    return f"id:{product_id}" if product_id else words(name)


def localised(said_at: datetime | None, zone: tzinfo) -> datetime | None:
    """An aware time: a naive one is meant in the store's zone."""
    if said_at is None or said_at.tzinfo is not None:
        return said_at
    return said_at.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One row as identity sees it. `nth`: it is the n-th row of its file with this fingerprint, from 1."""

    fingerprint: str
    nth: int
    platform_id: str
    text: str
    stars: int | None
    verdict: str
    sku: str
    order: str
    key: SecondKey | None
    follow_ups: tuple[str, ...]


@dataclass(slots=True)
class Stored:
    """One review as identity sees it. `ref` names it to the caller: an id, or a negative number while unsaved."""

    ref: int
    fingerprint: str
    occurrence: int
    platform_id: str
    text: str
    stars: int | None
    verdict: str
    sku: str = ""
    order: str = ""
    key: SecondKey | None = None
    follow_ups: list[str] = field(default_factory=list)
    earlier: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Decision:
    """`ref` of the review it is (the new one's when new); `add`: which of the row's follow-ups are new.

    `learns_id`: the stored review had no platform id and now has. `older`: the row is what the review said before
    its customer changed it, so it comes from an older export and nothing is changed back.
    """

    kind: Kind
    ref: int
    add: tuple[int, ...] = ()
    learns_id: bool = False
    older: bool = False


class Survey:
    """A first walk through a whole file, for what only the whole file can tell.

    Knows how many rows there are, which (product, buyer, second) occur once, and which rows carry a platform id that
    an earlier row used for other words: such a column is no review id, and going on would overwrite reviews.
    `first_row` is the number of the first row of data as the file's reader sees it.
    """

    def __init__(self, zone: tzinfo, first_row: int = 1) -> None:
        self.total = 0
        self.products: set[tuple[str, str]] = set()
        self._zone = zone
        self._first_row = first_row
        self._keys: Counter[int] = Counter()
        self._ids: dict[str, tuple[int, int]] = {}

    def add(self, row: ReviewRow) -> None:
        """Take one more row into account, in the order of the file."""
        self.total += 1
        if row.refused:
            return
        if row.product_id or row.product_name:
            self.products.add((row.product_id, row.product_name))
        if key := _key(row, self._zone):
            self._keys[hash(key)] += 1
        if row.platform_id:
            self._ids.setdefault(row.platform_id, (row.row, _said_hash(row)))

    def first_with_other_words(self, row: ReviewRow) -> int | None:
        """The earlier row (from 0) that has this row's platform id but says something else; None when all is well."""
        if not row.platform_id:
            return None
        first, said = self._ids[row.platform_id]
        return None if first == row.row or said == _said_hash(row) else first

    def refusal(self, row: ReviewRow) -> str:
        """Why this row cannot be taken in, "" when it can."""
        earlier = None if row.refused else self.first_with_other_words(row)
        if earlier is None:
            return row.refused
        return f"the id {row.platform_id[:60]} stands in row {earlier + self._first_row} already, with other words"

    def key_of(self, row: ReviewRow) -> SecondKey | None:
        """The row's (product, buyer, second), None unless it is the only one in the file."""
        key = _key(row, self._zone)
        return key if key is not None and self._keys[hash(key)] == 1 else None


class Numbering:
    """Counts equal rows of one file: the k-th equal row is matched with the k-th stored.

    The price: two truly different reviews that agree in everything a fingerprint holds count once when they lie in
    two exports that do not overlap, because nothing tells the second from a repeat of the first. Inside one file,
    and where either file holds both, every one of them is kept.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, print_: str) -> int:
        """The number of this row among its equals, from 1."""
        self._seen[print_] += 1
        return self._seen[print_]


def sight(row: ReviewRow, survey: Survey, numbering: Numbering) -> Sighting:
    """A row as identity sees it; call it once for each row that is not refused, in the order of the file."""
    print_ = fingerprint(row)
    return Sighting(
        fingerprint=print_,
        nth=numbering.next(print_),
        platform_id=row.platform_id,
        text=row.text,
        stars=row.stars,
        verdict=row.platform_verdict,
        sku=words(row.sku),
        order=row.order_id,
        key=survey.key_of(row),
        follow_ups=tuple(text_digest(later.text) for later in row.follow_ups),
    )


class Ledger:
    """What is stored, as far as some rows may touch it; learns from every decision, so rows of one batch see each
    other."""

    def __init__(self, stored: Iterable[Stored] = ()) -> None:
        self._by_id: dict[str, Stored] = {}
        self._by_print: dict[tuple[str, int], list[Stored]] = defaultdict(list)
        self._by_earlier: dict[str, list[Stored]] = defaultdict(list)
        self._by_key: dict[SecondKey, list[Stored]] = defaultdict(list)
        self._refs: set[int] = set()
        self._next = -1
        for one in stored:
            self.add(one)

    def add(self, one: Stored) -> None:
        """Let it know one more stored review; a ref it knows already is left as it is."""
        if one.ref in self._refs:
            return
        self._refs.add(one.ref)
        if one.platform_id:
            self._by_id[one.platform_id] = one
        self._by_print[one.fingerprint, one.occurrence].append(one)
        if one.key:
            self._by_key[one.key].append(one)
        for print_ in one.earlier:
            self._by_earlier[print_].append(one)

    def proven(self, row: Sighting) -> bool:
        """Whether id or fingerprint already say which review this is, so that no other proof need be fetched."""
        return self._by_proof(row) is not None

    def what_is(self, row: Sighting) -> Decision:
        """Decide about one row and remember it."""
        one = self._by_proof(row) or self._by_second(row)
        if one is None:
            return self._new(row)
        learns = self._learn_id(one, row)
        add = _missing(row.follow_ups, one.follow_ups)
        one.follow_ups.extend(row.follow_ups[index] for index in add)
        if _changed(row, one):
            if row.fingerprint not in one.earlier:
                self._edit(one, row)
                return Decision(Kind.EDITED, one.ref, add, learns)
            kind = Kind.FOLLOW_UP_ADDED if add else Kind.DUPLICATE
            return Decision(kind, one.ref, add, learns, older=True)
        return Decision(Kind.FOLLOW_UP_ADDED if add else Kind.DUPLICATE, one.ref, add, learns)

    def _by_proof(self, row: Sighting) -> Stored | None:
        if row.platform_id and row.platform_id in self._by_id:
            return self._by_id[row.platform_id]
        equal = [one for one in self._by_print[row.fingerprint, row.nth] if _ids_agree(row, one)]
        earlier = [one for one in self._by_earlier[row.fingerprint] if _ids_agree(row, one)]
        found = sorted(equal, key=lambda one: one.platform_id != "") or (earlier if len(earlier) == 1 else [])
        return found[0] if found else None

    def _by_second(self, row: Sighting) -> Stored | None:
        """One that carries an id is spoken for: the same file may hold a row with that id."""
        same = self._by_key[row.key] if row.key else []
        return same[0] if len(same) == 1 and not same[0].platform_id and _one_purchase(row, same[0]) else None

    def _new(self, row: Sighting) -> Decision:
        one = Stored(
            self._next, row.fingerprint, row.nth, row.platform_id, row.text, row.stars, row.verdict, row.sku,
            row.order, row.key, list(row.follow_ups),
        )  # fmt: skip
        self._next -= 1
        self.add(one)
        return Decision(Kind.NEW, one.ref, tuple(range(len(row.follow_ups))))

    def _learn_id(self, one: Stored, row: Sighting) -> bool:
        if not row.platform_id or one.platform_id:
            return False
        one.platform_id = row.platform_id
        self._by_id[row.platform_id] = one
        return True

    def _edit(self, one: Stored, row: Sighting) -> None:
        self._by_print[one.fingerprint, one.occurrence].remove(one)
        one.earlier.add(one.fingerprint)
        self._by_earlier[one.fingerprint].append(one)
        one.fingerprint, one.occurrence = row.fingerprint, row.nth
        self._by_print[one.fingerprint, one.occurrence].append(one)
        one.text = row.text or one.text
        one.stars = one.stars if row.stars is None else row.stars
        one.verdict = row.verdict or one.verdict


def _changed(row: Sighting, one: Stored) -> bool:
    """Other words, other stars or another verdict; what an export leaves out is no change."""
    if row.text and not same_words(row.text, one.text):
        return True
    if row.stars is not None and row.stars != one.stars:
        return True
    return bool(row.verdict) and row.verdict != one.verdict


def _missing(seen: Iterable[str], known: Iterable[str]) -> tuple[int, ...]:
    """Positions of follow-ups that are not known yet, each known one standing for one seen."""
    left = Counter(known)
    missing = []
    for index, digest in enumerate(seen):
        if left[digest] > 0:
            left[digest] -= 1
        else:
            missing.append(index)
    return tuple(missing)


def _ids_agree(row: Sighting, one: Stored) -> bool:
    return not (row.platform_id and one.platform_id) or row.platform_id == one.platform_id


def _one_purchase(row: Sighting, one: Stored) -> bool:
    """Not two things bought together and reviewed in one go."""
    return all(not a or not b or a == b for a, b in ((row.sku, one.sku), (row.order, one.order)))


def _key(row: ReviewRow, zone: tzinfo) -> SecondKey | None:
    product = product_key(row.product_id, row.product_name)
    return second_key(product, row.buyer, localised(row.said_at, zone), row.precision)


def _said_hash(row: ReviewRow) -> int:
    return hash((words(row.text), row.stars, row.platform_verdict))


def _moment(row: ReviewRow) -> str:
    if row.said_at is None:
        return row.said_on.isoformat() if row.said_on else ""
    return (row.said_at if row.said_at.tzinfo is None else row.said_at.astimezone(UTC)).isoformat()


def _digest(parts: Iterable[str]) -> str:
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
