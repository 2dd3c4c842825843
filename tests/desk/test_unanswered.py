"""Every bad or middling review with text gets an answer: the list of those that have none yet."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import makers
from tests.cast import Cast
from wanhui.replies.models import Reply


@pytest.mark.django_db
def test_the_list_holds_bad_and_middling_texts_that_nobody_answered(as_mei: Client, people: Cast) -> None:
    waiting = makers.review(people.clothes, "三星吧，扣子松了一颗", stars=3)
    answered = makers.review(people.clothes, "洗完掉色，白衬衫染花了", stars=1)
    on_platform = makers.review(people.clothes, "尺码偏小一号", stars=2, platform_reply="您好，可以换货")
    silent = makers.review(people.clothes, "", stars=1)
    good = makers.review(people.clothes, "围巾很软", stars=5)
    for review in (waiting, answered, on_platform):
        makers.verdict(review, "quality")
    makers.verdict(silent, no_text=True, sentiment="")
    makers.verdict(good)
    Reply.objects.create(
        review=answered, state="sent", text="谢谢您", author=people.li,
        created_at=answered.seen_at, changed_at=answered.seen_at, sent_at=answered.seen_at,
    )  # fmt: skip
    page = as_mei.get(reverse("desk:reviews"), {"mood": "open"}).content.decode().partition('<ol class="queue')[2]
    assert "扣子松了" in page
    for other in ("掉色", "偏小", "围巾很软"):
        assert other not in page
