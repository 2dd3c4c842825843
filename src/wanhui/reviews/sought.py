"""What of a review can be found by searching."""

from collections import defaultdict
from collections.abc import Sequence

from wanhui.reviews.models import FollowUp, Review
from wanhui.search.rules import Item, Kind

_FIELDS = ("text", "order_number", "platform_id", "sku", "product__name")


def items(ids: Sequence[int]) -> list[Item]:
    """These reviews by their words, those of their follow-ups, order number, the platform's number, variant and
    product; listed under the day they were said. Two queries. The buyer's name is not among them: names are found
    as customers, by those who may see them."""
    later: dict[int, list[str]] = defaultdict(list)
    for review, text in FollowUp.objects.filter(review_id__in=ids).order_by("position").values_list("review", "text"):
        later[review].append(text)
    found = Review.objects.filter(pk__in=ids).values_list("pk", "store_id", "said_on", *_FIELDS)
    return [
        Item(Kind.REVIEW, pk, store, day, (text or "", *later[pk], *(word or "" for word in more)))
        for pk, store, day, text, *more in found
    ]
