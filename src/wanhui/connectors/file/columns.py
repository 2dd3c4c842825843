"""Which column means what: by name first, checked against the content, and every choice with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wanhui.connectors.file import content, totals
from wanhui.connectors.file.aliases import FIELDS, WEAK_NAMES, meanings
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import Cell

_WEAK = {name.casefold() for name in WEAK_NAMES}
# Fields that may be put together from several columns (colour and size make one SKU).
_MANY = frozenset({"sku", "media", "tags"})


@dataclass(frozen=True, slots=True)
class Match:
    """One column and what it was taken for; `confidence` is 1 for a person's word, 0.3 for a mere proposal."""

    field: str
    index: int
    header: str
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Field → column of one table. `notes` tell in plain English what a person should know about the choice.

    `star_scale`: what the highest rating of the column stands for (5, 10 or 100).
    `day_first`: whether 03/04/2026 is the third of April, where other dates of the column tell.
    `ids_proven`: the ids grow with time as review ids do, so a number that looks like a mobile number is none.
    """

    header: tuple[str, ...]
    matches: tuple[Match, ...]
    unmatched: tuple[int, ...]
    notes: tuple[str, ...] = ()
    star_scale: int = 5
    day_first: bool | None = None
    ids_proven: bool = False

    def index(self, field: str) -> int | None:
        """The 0-based column of a field, or None."""
        return next((match.index for match in self.matches if match.field == field), None)

    def indexes(self, field: str) -> list[int]:
        """All columns of a field that may have several (sku, media, tags)."""
        return [match.index for match in self.matches if match.field == field]

    def match(self, field: str) -> Match | None:
        """The match of a field with its reason, or None."""
        return next((match for match in self.matches if match.field == field), None)

    def fields(self) -> dict[str, int]:
        """Field → first column: the form in which a map is stored and corrected."""
        return {match.field: match.index for match in reversed(self.matches)}


def recognise(
    header: Sequence[str], sample: Sequence[Sequence[Cell]], *, text_column: str | None = None, named: bool = True
) -> ColumnMap:
    """Find the fields of a table by its column names and its first rows.

    `text_column` names the column with the reviews, by its name or by its number counted from 1.
    `named` is False when the names are ours because the file has no header.
    Raises FileProblem for a sheet of totals, or when no column holds text.
    """
    claims = _by_name(header, sample) if named else []
    matches, notes = _settle([claim for claim in claims if claim.fit > 0])
    notes += _left_out([claim for claim in claims if claim.fit == 0], matches)
    if text_column is not None:
        matches = _with_text(matches, header, _wanted_column(header, text_column), "you named it", 1.0)
    else:
        text = next((match.index for match in matches if match.field == "text"), None)
        if named:
            totals.refuse(header, sample, text)
        if text is None:
            matches, notes = _propose_text(matches, notes, header, sample)
    matches, more, proven = _settle_ids(matches, header, sample)
    return _finish(header, sample, matches, (*notes, *more), proven)


def with_fields(columns: ColumnMap, fields: dict[str, int], sample: Sequence[Sequence[Cell]]) -> ColumnMap:
    """The same table with a person's corrections: exactly these fields, each at this 0-based column.

    Raises FileProblem for an unknown field, a column that is not there, or a missing text column.
    """
    for field, index in fields.items():
        if field not in FIELDS:
            raise FileProblem(f'"{field}" is not a field of a review. Known are: {", ".join(FIELDS)}.')
        if not 0 <= index < len(columns.header):
            raise FileProblem(f"There is no column {index + 1}; the file has {len(columns.header)}.")
    if "text" not in fields:
        raise FileProblem("Please say which column holds the text of the reviews.")
    kept = [match for match in columns.matches if fields.get(match.field) == match.index]
    extra = [match for match in columns.matches if match.field in _MANY and match.field in fields and match not in kept]
    used = set(fields.values())
    chosen = kept + [match for match in extra if match.index not in used]
    for field, index in fields.items():
        if not any(match.field == field and match.index == index for match in kept):
            chosen.append(Match(field, index, columns.header[index], "you chose it", 1.0))
    proven = columns.ids_proven or ("review_id" in fields and _proven(chosen, sample, fields["review_id"]))
    return _finish(columns.header, sample, chosen, columns.notes, proven)


def _finish(
    header: Sequence[str], sample: Sequence[Sequence[Cell]], matches: list[Match], notes: tuple[str, ...], proven: bool
) -> ColumnMap:
    used = {match.index for match in matches}
    stars = next((match.index for match in matches if match.field == "stars"), None)
    scale = 5 if stars is None else content.star_scale([row[stars] for row in sample])
    when = next((match.index for match in matches if match.field == "said_at"), None)
    day_first = None if when is None else content.day_first([row[when] for row in sample])
    if day_first is not None:
        order = "day" if day_first else "month"
        notes = (*notes, f'In "{header[when or 0]}" the {order} stands first, as other dates of the column show.')
    if scale != 5:
        notes = (*notes, f'"{header[stars or 0]}" counts up to {scale}; it is turned into one to five stars.')
    return ColumnMap(
        header=tuple(header),
        matches=tuple(sorted(matches, key=lambda match: match.index)),
        unmatched=tuple(index for index in range(len(header)) if index not in used),
        notes=notes,
        star_scale=scale,
        day_first=day_first,
        ids_proven=proven,
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    field: str
    index: int
    header: str
    rank: int
    fit: float  # how well the content agrees, 0 to 1
    why: str


def _by_name(header: Sequence[str], sample: Sequence[Sequence[Cell]]) -> list[_Claim]:
    claims = []
    for index, name in enumerate(header):
        values = [row[index] for row in sample]
        for field, rank in meanings(name):
            fit, why = content.fits(field, values)
            if fit == 0 and field == "text" and not _is_weak(name):
                # A plain name is believed when nothing better is there, even if customers wrote only "111".
                fit, why = 0.2, ", though its cells hardly hold words"
            claims.append(_Claim(field, index, name, rank, fit, why))
    return claims


def _settle(claims: list[_Claim]) -> tuple[list[Match], tuple[str, ...]]:
    """Give each column to one field and each field one column: best content first, then the plainest name."""
    order = sorted(claims, key=lambda claim: (-claim.fit, claim.rank, claim.index))
    taken: dict[int, _Claim] = {}
    owner: dict[str, _Claim] = {}
    notes: list[str] = []
    for claim in order:
        if claim.index in taken:
            continue
        if claim.field in owner and claim.field not in _MANY:
            first = owner[claim.field]
            notes.append(
                f'"{first.header}" and "{claim.header}" both look like {_said(claim.field)}; '
                f'"{first.header}" was taken.'
            )
            continue
        taken[claim.index] = claim
        owner.setdefault(claim.field, claim)
    # A column that lost one field may still have been taken for another: then there is nothing to tell.
    lost = [note for note in notes if not any(f' and "{claim.header}" both' in note for claim in taken.values())]
    return [_match(claim) for claim in taken.values()], tuple(dict.fromkeys(lost))


def _left_out(claims: list[_Claim], matches: list[Match]) -> tuple[str, ...]:
    """Say of each column that has a known name and no use: its cells are of another kind."""
    used = {match.index for match in matches}
    return tuple(
        f'"{claim.header}" is named like {_said(claim.field)} but its cells are of another kind; it was left out.'
        for index, claim in {claim.index: claim for claim in reversed(claims)}.items()
        if index not in used
    )


def _match(claim: _Claim) -> Match:
    confidence = round(claim.fit * (0.8 if _is_weak(claim.header) else 0.95), 2)
    return Match(claim.field, claim.index, claim.header, f'the name "{claim.header}"{claim.why}', confidence)


def _is_weak(name: str) -> bool:
    return name.strip().casefold() in _WEAK


def _said(field: str) -> str:
    return field.replace("_", " ")


def _wanted_column(header: Sequence[str], wanted: str) -> int:
    for index, name in enumerate(header):
        if name == wanted.strip():
            return index
    if wanted.strip().isdigit() and 1 <= int(wanted) <= len(header):
        return int(wanted) - 1
    raise FileProblem(
        f'There is no column "{wanted}". The file has: '
        + ", ".join(f'{i} "{n}"' for i, n in enumerate(header, 1))
        + "."
    )


def _with_text(matches: list[Match], header: Sequence[str], index: int, reason: str, confidence: float) -> list[Match]:
    kept = [match for match in matches if match.field != "text" and match.index != index]
    return [*kept, Match("text", index, header[index], reason, confidence)]


def _propose_text(
    matches: list[Match], notes: tuple[str, ...], header: Sequence[str], sample: Sequence[Sequence[Cell]]
) -> tuple[list[Match], tuple[str, ...]]:
    sure = {match.index for match in matches if match.confidence > 0.5}
    index = content.longest_text([[row[i] for row in sample] if i not in sure else [] for i in range(len(header))])
    if index is None:
        shown = ", ".join(f'"{name}"' for name in header[:12]) + (" …" if len(header) > 12 else "")
        raise FileProblem(
            f"No column holds the text of reviews. The columns are: {shown}. "
            "Please name the right one with --text-column, or check that this is the right file."
        )
    note = f'No column is named as the text of reviews; "{header[index]}" has the longest texts. Please check it.'
    return _with_text(matches, header, index, "the longest texts are here; please check", 0.3), (*notes, note)


def _settle_ids(
    matches: list[Match], header: Sequence[str], sample: Sequence[Sequence[Cell]]
) -> tuple[list[Match], tuple[str, ...], bool]:
    """A column named as the *user's* id is the review's only if the file itself proves it: each belonging to
    one time and growing with it (as in JD's exports). See `content.grows_with_time`."""
    review = next((match for match in matches if match.field == "review_id"), None)
    user = next((match for match in matches if match.field == "user_id"), None)
    if review is not None:
        return matches, (), _proven(matches, sample, review.index)
    if user is None or not _proven(matches, sample, user.index):
        return matches, (), False
    kept = [match for match in matches if match is not user]
    reason = f'"{user.header}" belongs to one time each and grows with the time: it numbers reviews, not people'
    note = f'"{user.header}" is taken as the id of the review: each belongs to one time and they grow with the time.'
    return [*kept, replace(user, field="review_id", reason=reason, confidence=0.9)], (note,), True


def _proven(matches: list[Match], sample: Sequence[Sequence[Cell]], index: int) -> bool:
    when = next((match.index for match in matches if match.field == "said_at"), None)
    return when is not None and content.grows_with_time([row[index] for row in sample], [row[when] for row in sample])
