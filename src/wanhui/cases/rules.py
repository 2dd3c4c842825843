"""Stages, outcomes, clocks and the queue's order: decisions without a database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal


class Stage(StrEnum):
    """发现 → 核实 → 制定措施 → 执行 → 跟踪反馈 → 总结 → closed."""

    DISCOVERED = "discovered"
    VERIFIED = "verified"
    PLANNED = "planned"
    DOING = "doing"
    FOLLOWING = "following"
    SUMMED_UP = "summed_up"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended. The first three are won back."""

    CHANGED = "changed_by_customer"
    GOOD_FOLLOW_UP = "good_follow_up"
    SATISFIED = "satisfied"
    NOT_WON = "not_won"
    REMOVED = "removed_by_platform"
    VOID = "void"


ORDER = tuple(Stage)
WON_BACK = frozenset({Outcome.CHANGED, Outcome.GOOD_FOLLOW_UP, Outcome.SATISFIED})
UNCOUNTED = frozenset({Outcome.REMOVED, Outcome.VOID})


def next_stages(stage: Stage) -> tuple[Stage, ...]:
    """Where a case may go from here: forward to any later open stage, one step back; closed only by closing it."""
    if stage is Stage.CLOSED:
        return ()
    place = ORDER.index(stage)
    forward = tuple(s for s in ORDER[place + 1 :] if s is not Stage.CLOSED)
    back = ORDER[place - 1 : place] if place else ()
    return forward + back


def may_close(outcome: str, conclusion: str) -> str:
    """"" when a case may be closed so, else what is missing: "outcome" or "conclusion"."""
    if outcome not in set(Outcome):
        return "outcome"
    if len(conclusion.strip()) < 4:
        return "conclusion"
    return ""


def opens_case(*, bad: bool, store_is_open: bool, said_on: date | None, today: date, max_age_days: int) -> bool:
    """Whether a review opens a case: bad, and at most `max_age_days` old (an unknown date counts as today's)."""
    if not bad or not store_is_open:
        return False
    return said_on is None or (today - said_on).days <= max_age_days


def reply_due(seen_at: datetime, hours: int, *, can_reply: bool, window_closes: datetime | None) -> datetime | None:
    """When the first public reply is due: `hours` after it was seen, earlier if the platform's window closes before.

    None where the platform has no way to reply: such a case has no reply clock.
    """
    if not can_reply:
        return None
    due = seen_at + timedelta(hours=hours)
    return min(due, window_closes) if window_closes is not None and window_closes > seen_at else due


ClockState = Literal["none", "ok", "soon", "late", "met", "met_late"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A reply clock at one moment. `left` is negative when late; a late answer stays late."""

    state: ClockState
    left: timedelta | None


def reply_clock(due: datetime | None, replied_at: datetime | None, now: datetime) -> Clock:
    """The state of the clock *since seen*; "soon" within four hours of the due time."""
    if due is None:
        return Clock("none", None)
    if replied_at is not None:
        return Clock("met" if replied_at <= due else "met_late", due - replied_at)
    left = due - now
    if left < timedelta(0):
        return Clock("late", left)
    return Clock("soon" if left <= timedelta(hours=4) else "ok", left)


Urgency = Literal["now", "today", "later"]


def urgency(severity: int, clock: Clock) -> Urgency:
    """The queue's first column: safety, law and lateness now; severity 2 and clocks within four hours today."""
    if severity == 1 or clock.state == "late":
        return "now"
    if severity == 2 or clock.state == "soon":
        return "today"
    return "later"


def won_back(outcome: str) -> bool | None:
    """True or False for a closed case that counts; None for void ones and those the platform removed."""
    if outcome in UNCOUNTED or not outcome:
        return None
    return outcome in WON_BACK


UNDO_FOR = timedelta(minutes=15)
BATCH_LIMIT = 200
ANSWERED_WITHIN = timedelta(hours=24)

# Where a case stands among the open ones: danger first, then what is or soon will be late, then the rest.
DANGER, DANGER_STILL, PRESSING, HEAVY, HEAVY_STILL, NORMAL, NORMAL_STILL = range(7)


def segment(severity: int, due: datetime | None, replied_at: datetime | None, now: datetime) -> int:
    """The queue's first order, 0 to 6; inside one, what runs out first (see `moment`).

    `_STILL`: no reply clock runs. Danger stands above every lateness: somebody may be hurt.
    """
    running = due is not None and replied_at is None
    if severity == 1:
        return DANGER if running else DANGER_STILL
    if running and due is not None and due <= now + timedelta(hours=4):
        return PRESSING
    if severity == 2:
        return HEAVY if running else HEAVY_STILL
    return NORMAL if running else NORMAL_STILL


def undoable(done_at: datetime, now: datetime) -> bool:
    """Whether a deed of this moment may still be undone."""
    return now - done_at <= UNDO_FOR
