"""Which reviews get an answer: the unhappy always, the happy up to a share."""

from hypothesis import given
from hypothesis import strategies as st

from wanhui.replies.rules import GOOD_SHARE, wants_reply


def test_every_unhappy_review_with_text_wants_an_answer() -> None:
    assert wants_reply(has_text=True, good=False, answered=99, received=99)


def test_a_review_without_text_wants_none() -> None:
    assert not wants_reply(has_text=False, good=False)
    assert not wants_reply(has_text=False, good=True)


@given(st.integers(1, 400), st.floats(0, 1))
def test_good_reviews_are_answered_up_to_the_share_and_not_beyond(received: int, share: float) -> None:
    answered = 0
    for before in range(received):
        answered += wants_reply(has_text=True, good=True, answered=answered, received=before, share=share)
    assert answered <= share * received
    assert answered >= share * received - 1


def test_the_default_share_is_two_in_five() -> None:
    answered = 0
    for before in range(100):
        answered += wants_reply(has_text=True, good=True, answered=answered, received=before)
    assert (GOOD_SHARE, answered) == (0.4, 40)
