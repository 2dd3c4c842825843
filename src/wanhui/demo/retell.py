"""What the team of the demo world did about its cases, done again through the desk's verbs, each at its moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from wanhui.accounts.models import User
from wanhui.cases import actions as cases
from wanhui.cases.models import Case, Measure
from wanhui.cases.rules import ORDER, Stage
from wanhui.demo import story
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.replies import actions as replies
from wanhui.replies import queries as reply_queries
from wanhui.replies.models import Reply
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store
from wanhui.triage import actions as triage
from wanhui.triage import checking
from wanhui.triage.models import Verdict

BEST = 5  # stars: whoever gives them is happy, unless the story says what about
Deed = tuple[datetime, Callable[[], object]]
Named = tuple[datetime, str, Callable[[], object]]


def first_deed(review: story.Review) -> list[datetime]:
    """The moment just before the team first touched this review; empty when it never did or no time is told."""
    history = review.history
    if history is None:
        return []
    told = [when.at for when in _moments(history) if when.at is not None]
    return [min(told) - timedelta(minutes=5)] if told else []


def _moments(history: story.History) -> list[story.When]:
    told = [history.claimed, history.closed, *(c.when for c in history.contacts), *(n.when for n in history.notes)]
    told += [m.done for m in history.measures]
    if history.reply is not None:
        told.append(history.reply.sent)
    return [when for when in told if when is not None]


@contextmanager
def named(what: str) -> Iterator[None]:
    """A verb's refusal inside becomes a `StoryError` that says which entry of the story it was about."""
    try:
        yield
    except Refused as refused:
        raise story.StoryError(f"{what}: the desk refuses. {refused.message}") from refused


def check(store: Store, told: Mapping[str, story.Review], checker: User) -> None:
    """Before new reviews come in, somebody looks at what the desk was not sure of the last time: says yes, or puts
    right what reads differently. `told`: the reviews of the story by their key."""
    for older in (False, True):
        for verdict in checking.waiting([store], older=older).select_related("review"):
            right = None if verdict.follow_up_id else _truth(told[verdict.review.platform_id], verdict)
            if right is None:
                triage.confirm(verdict, actor=checker)
            else:
                triage.correct(verdict, actor=checker, sentiment=right[0], causes=right[1])


def _truth(review: story.Review, verdict: Verdict) -> tuple[str, Sequence[str]] | None:
    """What a reader says instead: mood and causes; None where the verdict reads the text as the story means it."""
    if review.about:
        mood = verdict.sentiment if verdict.sentiment != "positive" else "negative" if review.bad else "mixed"
        return None if verdict.primary == review.about[0] else (mood, review.about)
    return ("positive", ()) if review.stars == BEST and verdict.sentiment != "positive" else None


class Team:
    """The people of one shop, who act on what they have seen: deeds wait until their moment has come."""

    def __init__(self, people: Mapping[str, User]) -> None:
        self._people = people
        self._known: set[str] = set()
        self._waiting: list[Named] = []

    def sees(self, reviews: Iterable[story.Review], store: Store) -> None:
        """These reviews are in the desk now: what the story tells of their cases will be done."""
        fresh = {review.key: review for review in reviews if review.history and review.key not in self._known}
        self._known.update(fresh)
        stored = Review.objects.exclude(platform_id="").filter(store=store, platform_id__in=fresh)
        for row in stored.select_related("store", "product", "case_review__case"):
            with named(row.platform_id):
                told = _Told(fresh[row.platform_id], row, self._people)
            self._waiting += [(moment, row.platform_id, deed) for moment, deed in told.deeds()]
        self._waiting.sort(key=lambda one: one[0])

    def acts_until(self, moment: datetime) -> None:
        """Do everything that was to be done by then, oldest first, each at its own time."""
        while self._waiting and self._waiting[0][0] <= moment:
            when, key, deed = self._waiting.pop(0)
            with clock.at(when), named(f"{key}, {when:%d %H:%M}"):
                deed()


class _Told:
    """One case's history as deeds in time."""

    def __init__(self, review: story.Review, stored: Review, people: Mapping[str, User]) -> None:
        assert review.history is not None
        self.history = review.history
        self.stored = stored
        self.people = people
        # What the story tells of was a case, whatever the engine makes of its words: a person may open one too.
        self.case: Case = cases.open_case(stored, actor=people[review.history.assignee or "wang"])
        self.start = max([*first_deed(review), self.case.seen_at + timedelta(minutes=2)])
        told = [when.at for when in _moments(self.history) if when.at is not None]
        self.end = max([*told, self.start + timedelta(minutes=30)])

    def deeds(self) -> list[Deed]:
        """Everything the story tells of this case; where it gives no time, a plausible one between its neighbours."""
        history, people = self.history, self.people
        lead = people[history.assignee] if history.assignee else people["wang"]
        found: list[Deed] = []
        if history.assignee:
            found.append((self._at(history.claimed, self.start), lambda: cases.claim(self.case, actor=lead)))
        for contact in history.contacts:
            found.append((self._at(contact.when, self.start), self._contact(contact)))
        for note in history.notes:
            found.append((self._at(note.when, self.start), self._note(note)))
        for measure in history.measures:
            found += self._measure(measure)
        found += self._stages(lead)
        if history.reply is not None:
            found += self._reply(history.reply)
        if history.outcome:
            found.append((self._at(history.closed, self.end + timedelta(minutes=10)), self._close(lead)))
        return found

    def _at(self, when: story.When | None, otherwise: datetime) -> datetime:
        moment = when.at if when is not None and when.at is not None else otherwise
        return max(moment, self.case.seen_at + timedelta(minutes=1))

    def _between(self, share: float) -> datetime:
        return self.start + (self.end - self.start) * share

    def _contact(self, told: story.Contact) -> Callable[[], object]:
        def deed() -> None:
            cases.log_contact(self.case, told.channel, told.result, told.note, actor=self.people[told.who])

        return deed

    def _note(self, told: story.Note) -> Callable[[], object]:
        return lambda: cases.add_note(self.case, told.text, actor=self.people[told.who])

    def _measure(self, told: story.Measure) -> list[Deed]:
        made: list[Measure] = []
        owner = self.people[told.owner]
        actor = self.people[self.history.assignee or "wang"]

        def plan() -> None:
            made.append(cases.plan_measure(self.case, told.group, told.text, actor=actor, owner=owner))

        planned: Deed = (self._between(0.4), plan)
        if told.done is None:
            return [planned]
        done = max(self._at(told.done, self.end), self._between(0.4) + timedelta(minutes=1))
        return [planned, (done, lambda: cases.finish_measure(made[0], actor=actor))]

    def _stages(self, actor: User) -> list[Deed]:
        """One step after the other, evenly over the history's time, up to where the story says the case stands."""
        goal = Stage.SUMMED_UP if self.history.stage == Stage.CLOSED else Stage(self.history.stage)
        steps = ORDER[1 : ORDER.index(goal) + 1]

        def to(stage: Stage) -> Callable[[], object]:
            return lambda: cases.move(self.case, stage, actor=actor)

        return [(self._between((n + 1) / (len(steps) + 1)), to(stage)) for n, stage in enumerate(steps)]

    def _reply(self, told: story.Draft) -> list[Deed]:
        author = self.people[told.author]
        sent = self._at(told.sent, self._between(0.8))
        begin = max(sent - timedelta(minutes=40), self.case.seen_at + timedelta(minutes=1))

        def ask() -> None:
            reply = replies.save_draft(
                self.stored, told.text, actor=author, style=told.style, follow_up=self._answered()
            )
            replies.request_approval(reply, actor=author, reasons=self._reasons(reply))

        found: list[Deed] = [(begin, ask)]
        if told.approved_by:
            found.append((begin + (sent - begin) / 2, self._approve(self.people[told.approved_by])))
        if told.sent is not None:
            found.append((sent, lambda: replies.record_sent(self._open(), actor=author)))
        return found

    def _reasons(self, reply: Reply) -> dict[str, str]:
        """For each warning of the lint what the team really did: the first measure of the case; none without one."""
        said = reply_queries.lint_reply(reply.review, reply.text, follow_up=reply.follow_up, but=reply.pk)
        return {rule: measure.text for rule in said.warned_rules for measure in self.history.measures[:1]}

    def _approve(self, actor: User) -> Callable[[], object]:
        def deed() -> None:
            reply = self._open()
            replies.approve(reply, reply_queries.digest(reply.text), actor=actor)

        return deed

    def _answered(self) -> FollowUp | None:
        """What a reply answers at this moment: the latest follow-up once there is one, for it closes the first text."""
        return self.stored.follow_ups.order_by("-position").first()

    def _open(self) -> Reply:
        reply = reply_queries.open_reply(self.stored, self._answered())
        assert reply is not None
        return reply

    def _close(self, actor: User) -> Callable[[], object]:
        outcome = self.history.outcome or ""
        return lambda: cases.close(self.case, outcome, self.history.conclusion, actor=actor)
