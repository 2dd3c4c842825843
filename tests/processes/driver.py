"""Runs inside the installation under test, as a process of its own: prepares it, plants steps, tells the state.

    python -m tests.processes.driver prepare | plant KIND N [quiet] | state | kill SCENARIO | bring FILE | left | look
"""

import json
import os
import sys
from collections import Counter

import django
from django.core.management import call_command


def prepare() -> None:
    """Tables, and the tests' own."""
    from django.db import connection

    from tests.processes import kinds

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(kinds.TABLE)


def plant(kind: str, many: str, quiet: str = "") -> None:
    """Note steps; "quiet" loses every nudge, as a crash right after the commit would."""
    from django.db import transaction

    from wanhui.work import actions as work
    from wanhui.work import queue

    if quiet:
        queue.nudge = lambda step_id: None
    with transaction.atomic():
        for number in range(int(many)):
            work.note(kind, f"{number}")


def state() -> dict[str, dict[str, int]]:
    """Steps by state, effects by kind and ref, effects by process."""
    from django.db import connection

    from wanhui.work.models import Step

    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, ref, process FROM test_effect")
        rows = cursor.fetchall()
    return {
        "steps": dict(Counter(Step.objects.values_list("state", flat=True))),
        "effects": dict(Counter(f"{kind} {ref}" for kind, ref, _ in rows)),
        "processes": dict(Counter(str(process) for *_, process in rows)),
    }


def main() -> None:
    """Answers on standard output in JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.processes.settings")
    django.setup()
    verb, *rest = sys.argv[1:]
    if verb == "kill":
        from tests.processes import killing

        answer: object = killing.everywhere(*rest)
    else:
        from tests.processes import at_random

        verbs = {"prepare": prepare, "plant": plant, "state": state, "bring": at_random.bring, "left": at_random.left,
                 "look": at_random.look}
        answer = verbs[verb](*rest)  # type: ignore[operator]
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
