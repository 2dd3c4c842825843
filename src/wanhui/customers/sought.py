"""What of a customer can be found by searching."""

from collections.abc import Sequence

from wanhui.customers.models import Customer
from wanhui.kit.clock import day_in
from wanhui.search.rules import Item, Kind


def items(ids: Sequence[int]) -> list[Item]:
    """These customers by name and handle. One query. Who may search names is for the caller of the search to say."""
    found = Customer.objects.filter(pk__in=ids).select_related("store")
    return [
        Item(Kind.CUSTOMER, one.pk, one.store_id, day_in(one.created_at, one.store.timezone),
             (one.shown_name, one.handle))
        for one in found
    ]  # fmt: skip
