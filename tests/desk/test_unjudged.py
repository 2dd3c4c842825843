"""Right after an import the queue says that reviews are being read, not that nothing is waiting."""

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import makers
from tests.cast import Cast
from wanhui.work import actions as work


def test_the_empty_queue_tells_of_reviews_that_wait_for_their_verdict(as_mei: Client, people: Cast) -> None:
    first = makers.review(people.clothes, "毛衣洗一次就变形", stars=1)
    second = makers.review(people.clothes, "围巾很暖和", stars=5)
    strange = makers.review(people.otto, "Lampe wackelt", stars=1)
    with transaction.atomic():
        work.note("reviews.received", "import/1/1", ids=[first.pk, strange.pk])
        work.note("reviews.received", "import/1/2", ids=[second.pk])
    page = as_mei.get(reverse("desk:queue"), headers={"accept-language": "en"}).content.decode()
    assert "2 reviews are being read" in page
    makers.verdict(first, "quality")
    page = as_mei.get(reverse("desk:queue"), headers={"accept-language": "en"}).content.decode()
    assert "1 review is being read" in page
