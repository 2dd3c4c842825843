"""A second process is called only where it pays, does steps as every worker, and leaves when it is sent home."""

import multiprocessing
from collections.abc import Iterator
from typing import Any

import pytest

from wanhui.pipeline import helper


class Started:
    """Stands for the process: that it was started is what is looked at here; real ones are in tests/processes."""

    def __init__(self, **_words: Any) -> None:
        self.alive = False

    def start(self) -> None:
        self.alive = True

    def is_alive(self) -> bool:
        return self.alive

    def join(self) -> None:
        self.alive = False


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Started]]:
    made: list[Started] = []

    def process(**words: Any) -> Started:
        made.append(Started(**words))
        return made[-1]

    context = multiprocessing.get_context("spawn")
    monkeypatch.setattr(type(context), "Process", staticmethod(process))
    monkeypatch.setattr(helper, "_pays", lambda: True)
    yield made
    helper.dismiss()


def test_nobody_is_called_for_little(started: list[Started]) -> None:
    helper.call(rows=helper.ROWS - 1, steps=helper.STEPS - 1)
    assert started == []


def test_one_helper_is_called_for_much_however_often_it_is_asked_for(started: list[Started]) -> None:
    helper.call(rows=helper.ROWS)
    helper.call(steps=helper.STEPS)
    assert [one.alive for one in started] == [True]


def test_a_helper_that_died_is_replaced(started: list[Started]) -> None:
    helper.call(rows=helper.ROWS)
    started[0].alive = False
    helper.call(rows=helper.ROWS)
    assert [one.alive for one in started] == [False, True]


def test_sending_home_tells_whether_there_was_one(started: list[Started]) -> None:
    assert not helper.dismiss()
    helper.call(rows=helper.ROWS)
    assert helper.dismiss()
    assert not helper.dismiss()


def test_one_of_several_workers_calls_nobody(started: list[Started], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert not helper._pays()
