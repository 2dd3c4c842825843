"""What of a product can be found by searching."""

from collections.abc import Sequence

from wanhui.search.rules import Item, Kind
from wanhui.stores.models import Product


def items(ids: Sequence[int]) -> list[Item]:
    """These products by their name and the platform's number; listed under no day. One query."""
    found = Product.objects.filter(pk__in=ids).values_list("pk", "store_id", "name", "platform_id")
    return [Item(Kind.PRODUCT, pk, store, None, (name, number)) for pk, store, name, number in found]
