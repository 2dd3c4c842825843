"""Who may do what: one table, roles × verbs, asked by every room; and what an access token opens. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one store."""

    OWNER = "owner"
    MANAGER = "manager"
    LEAD = "lead"
    AGENT = "agent"
    SCOUT = "scout"
    AFTER_SALES = "after_sales"
    QUALITY = "quality"
    MARKETING = "marketing"
    VIEWER = "viewer"


class Verb(StrEnum):
    """What a person may be allowed to do in one store."""

    SEE = "see"
    IMPORT = "import"
    CORRECT = "correct"
    REJUDGE = "rejudge"
    CLAIM = "claim"
    WRITE = "write"
    APPROVE = "approve"
    SEND = "send"
    GRANT_SMALL = "grant_small"
    GRANT_MEDIUM = "grant_medium"
    GRANT_LARGE = "grant_large"
    APPEAL = "appeal"
    CLOSE = "close"
    EXPORT = "export"
    UNMASK = "unmask"
    SETTINGS = "settings"
    PEOPLE = "people"


_R, _V = Role, Verb
_EVERYDAY = frozenset({_V.SEE, _V.CORRECT, _V.CLAIM, _V.WRITE})

MATRIX: dict[Role, frozenset[Verb]] = {
    _R.OWNER: frozenset(Verb),
    _R.MANAGER: frozenset(Verb) - {_V.PEOPLE},
    _R.LEAD: _EVERYDAY
    | {_V.IMPORT, _V.REJUDGE, _V.APPROVE, _V.SEND, _V.GRANT_SMALL, _V.GRANT_MEDIUM, _V.APPEAL, _V.CLOSE, _V.EXPORT}
    | {_V.UNMASK},
    _R.AGENT: _EVERYDAY | {_V.IMPORT, _V.SEND, _V.GRANT_SMALL, _V.CLOSE},
    _R.SCOUT: frozenset({_V.SEE, _V.IMPORT, _V.CORRECT}),
    _R.AFTER_SALES: _EVERYDAY | {_V.SEND, _V.GRANT_SMALL, _V.CLOSE},
    _R.QUALITY: frozenset({_V.SEE, _V.CORRECT, _V.EXPORT}),
    _R.MARKETING: frozenset({_V.SEE, _V.WRITE, _V.EXPORT}),
    _R.VIEWER: frozenset({_V.SEE}),
}


def allows(role: Role | str | None, verb: Verb) -> bool:
    """Whether this role may do this; nobody (None) may do nothing."""
    return role is not None and verb in MATRIX[Role(role)]


def roles_that_may(verb: Verb) -> list[Role]:
    """The roles that may do this, in the order of the table."""
    return [role for role, verbs in MATRIX.items() if verb in verbs]


class Scope(StrEnum):
    """What an access token may be used for, within what its person may do. `OPENS` says which verbs each one opens."""

    READ = "read"
    IMPORT = "import"
    CASES = "cases"
    REPLIES = "replies"
    CORRECTIONS = "corrections"
    SETTINGS = "settings"
    PEOPLE = "people"


# Every verb lies in exactly one scope: what no scope opens, no token can do.
OPENS: dict[Scope, frozenset[Verb]] = {
    Scope.READ: frozenset({_V.SEE, _V.EXPORT}),
    Scope.IMPORT: frozenset({_V.IMPORT}),
    Scope.CASES: frozenset(
        {_V.CLAIM, _V.CLOSE, _V.APPEAL, _V.UNMASK, _V.GRANT_SMALL, _V.GRANT_MEDIUM, _V.GRANT_LARGE}
    ),
    Scope.REPLIES: frozenset({_V.WRITE, _V.APPROVE, _V.SEND}),
    Scope.CORRECTIONS: frozenset({_V.CORRECT, _V.REJUDGE}),
    Scope.SETTINGS: frozenset({_V.SETTINGS}),
    Scope.PEOPLE: frozenset({_V.PEOPLE}),
}
TOKEN_PREFIX = "wh_"
LONGEST_TOKEN = timedelta(days=365)
MOST_TOKENS = 20


def scope_of(verb: Verb) -> Scope:
    """The scope that a token needs for this verb."""
    return next(scope for scope, verbs in OPENS.items() if verb in verbs)


def opens(scopes: Iterable[str], verb: Verb) -> bool:
    """Whether a token with these scopes may be used for this verb; its person's role is asked as well."""
    return scope_of(verb) in set(scopes)


def token_lasts(made_at: datetime, expires_at: datetime) -> bool:
    """Whether an expiry is one we accept: after now, and at most a year away."""
    return made_at < expires_at <= made_at + LONGEST_TOKEN
