"""Somebody left a store: their open cases go to whoever was named, or to nobody."""

from wanhui.accounts.models import User
from wanhui.cases import actions as cases
from wanhui.work.models import Step


def hand_over(step: Step) -> None:
    """The step "person.left": ids are store, leaving, heir (0: nobody) and who took them out.

    Repeatable: what was handed over is not the leaving person's any more.
    """
    store, leaving, heir, by = step.ids
    people = User.objects.in_bulk([leaving, heir, by])
    cases.hand_over_all(store, people[leaving], people.get(heir), actor=people[by])
