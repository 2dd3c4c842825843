"""What `connectors.file` says, in the reader's language: that package itself knows no gettext."""

import re
from functools import lru_cache

from django.utils.translation import gettext, gettext_lazy

from wanhui.connectors.sentences import SENTENCES

# Fields that an import uses, in the order in which a person looks for them.
MEANINGS = {
    "text": gettext_lazy("Text of the review"),
    "stars": gettext_lazy("Stars"),
    "verdict": gettext_lazy("Good, middling or bad"),
    "said_at": gettext_lazy("Date and time"),
    "product_name": gettext_lazy("Product or room"),
    "product_id": gettext_lazy("Number of the product"),
    "product_code": gettext_lazy("Seller's code of the product"),
    "sku": gettext_lazy("Variant (colour, size …)"),
    "buyer": gettext_lazy("Buyer's name"),
    "anonymous": gettext_lazy("Anonymous or not"),
    "order_id": gettext_lazy("Order number"),
    "review_id": gettext_lazy("Number of the review"),
    "append": gettext_lazy("Follow-up"),
    "append_at": gettext_lazy("Date of the follow-up"),
    "append_days": gettext_lazy("Days until the follow-up"),
    "append_reply": gettext_lazy("Reply to the follow-up"),
    "reply": gettext_lazy("Your reply"),
    "reply_at": gettext_lazy("Date of your reply"),
}
# What a person must look at before a file is taken in, by its code.
ASKS = {
    "changed": gettext_lazy("The columns have changed since last time."),
    "text": gettext_lazy("No column is named as the text of the reviews."),
    "year": gettext_lazy("Some dates have no year."),
    "shops": gettext_lazy("It speaks of several shops."),
    "rows": gettext_lazy("None of the first rows is a review."),
}
_HOLE = re.compile(r"%\((\w+)\)s")


def told(sentence: str) -> str:
    """A sentence of `connectors.file` (a FileProblem, a note, a row's problem or refusal) in the active language.

    What stands in it (names, numbers, cells) stays as it is, but fields get their words. A sentence nobody has
    translated comes back in English.
    """
    for pattern, template in _patterns():
        if found := pattern.fullmatch(sentence):
            values = found.groupdict()
            if "field" in values:
                values["field"] = str(MEANINGS.get(values["field"].replace(" ", "_"), values["field"]))
            return gettext(template) % values if values else gettext(template)
    return sentence


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(template), template) for template in SENTENCES)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _HOLE.split(template)
    made = "".join(f"(?P<{part}>.*?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    return re.compile(made, re.DOTALL)
