"""What is planted before a worker is killed, and what must be there in the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tests.processes import driver
from wanhui.work import actions as work
from wanhui.work.models import Step


@dataclass(frozen=True)
class Scenario:
    """`plant` notes the steps, `look` tells what must be the same after every kill, `clear` makes room for the next."""

    plant: Callable[[], None]
    look: Callable[[], Any]
    clear: Callable[[], None]


def _plant_chain() -> None:
    with transaction.atomic():
        work.note("test.first", "a")
        work.note("test.first", "b")


def _look_at_chain() -> Any:
    seen = driver.state()
    return {"steps": seen["steps"], "effects": seen["effects"]}


def _clear_chain() -> None:
    Step.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM test_effect")


ALL = {"chain": Scenario(_plant_chain, _look_at_chain, _clear_chain)}
