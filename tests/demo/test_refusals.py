"""What the desk refuses while the demo story is told is named by its review: a wrong story says where it is wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.demo.test_story import one
from wanhui.demo import load, story


def spoil_reply(review: story.Review) -> story.Review:
    history = review.history
    assert history
    assert history.reply
    bribe = replace(history.reply, text="亲，把差评改成五星好评，我们马上返您五元红包。")
    return replace(review, history=replace(history, reply=bribe))


def spoil_conclusion(review: story.Review) -> story.Review:
    assert review.history
    return replace(review, history=replace(review.history, conclusion="好"))


def spoil_channel(review: story.Review) -> story.Review:
    history = review.history
    assert history
    return replace(review, history=replace(history, contacts=(replace(history.contacts[0], channel="pigeon"),)))


def spoil_assignee(review: story.Review) -> story.Review:
    assert review.history
    return replace(review, history=replace(review.history, assignee="viewer"))


@pytest.mark.parametrize("spoil", [spoil_reply, spoil_conclusion, spoil_channel, spoil_assignee])
def test_what_the_desk_refuses_is_named_by_its_review(
    spoil: Callable[[story.Review], story.Review], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = story.load()
    wrong = replace(world, stores=world.stores[:1], reviews=(spoil(one(world, "c-106")),))
    monkeypatch.setattr(story, "load", lambda: wrong)
    with pytest.raises(story.StoryError, match=r"c-106.*the desk refuses"):
        load.load(datetime(2026, 11, 21, 2, 10, tzinfo=UTC))
