"""What happens next: the whole flow as one table."""

from collections.abc import Callable

from wanhui.cases import actions as cases
from wanhui.doors import actions as doors
from wanhui.pipeline import answered, helper, leaving, rejudging, searching
from wanhui.reviews import actions as reviews
from wanhui.stores import actions as stores
from wanhui.triage import actions as triage
from wanhui.triage.own import actions as own_causes
from wanhui.triage.severity import actions as severity
from wanhui.work.models import Step


def _received(step: Step) -> None:
    """Judged first: what is urgent must not wait for the search."""
    triage.judge_reviews(step.ids, actor=None, step=step)
    searching.received(step)


def _given(step: Step) -> None:
    """Cases first: what is urgent must not wait for a shop's own causes."""
    cases.consider(step.ids, actor=None)
    own_causes.find_own_causes(step.ids, actor=None)


STEPS: dict[str, Callable[[Step], object]] = {
    "import.confirmed": lambda step: reviews.take_in(
        step.ids[0], actor=None, step=step, on_progress=lambda done, total: helper.call(rows=total - done)
    ),
    "reviews.received": _received,
    "replies.appeared": answered.on_the_platform,
    "verdicts.given": _given,
    own_causes.LOOK_THROUGH: lambda step: own_causes.fill_own_cause(step.ids[0], actor=None, step=step),
    searching.FILL: searching.fill,
    rejudging.LOOK: rejudging.look,
    rejudging.APPLY: rejudging.apply,
    severity.WEIGH: lambda step: severity.weigh_again(step.ids[0], actor=None, step=step),
    "invitation.made": lambda step: stores.mail_invitation(step.ids[0], actor=None),
    "person.left": leaving.hand_over,
    "reset.asked": lambda step: doors.pass_on_resets(step.ids, actor=None),
    "reset.letter": lambda step: doors.mail_reset(step.ids[0], actor=None),
    "address.wanted": lambda step: doors.mail_confirmation(step.ids[0], actor=None),
}
