"""Reviews as a person may see them, and what is stored already of the rows of an import."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.reviews.models import Edit, FollowUp, Review
from wanhui.reviews.rules import SecondKey, Sighting, Stored, product_key, second_key, words
from wanhui.stores.models import Store
from wanhui.stores.queries import reachable, visible


@dataclass(slots=True)
class Known:
    """Stored reviews that some rows may be about, by id, with their follow-ups in order."""

    reviews: dict[int, Review] = field(default_factory=dict)
    follow_ups: dict[int, list[FollowUp]] = field(default_factory=lambda: defaultdict(list))
    earlier: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def stored(self) -> list[Stored]:
        """The same as identity sees it."""
        return [self._stored(review) for review in self.reviews.values()]

    def _stored(self, review: Review) -> Stored:
        return Stored(
            ref=review.pk,
            fingerprint=review.fingerprint,
            occurrence=review.occurrence,
            platform_id=review.platform_id,
            text=review.text,
            stars=review.stars,
            verdict=review.platform_verdict,
            sku=words(review.sku),
            order=review.order_number,
            key=key_of(review),
            follow_ups=[later.text_digest for later in self.follow_ups[review.pk]],
            earlier=set(self.earlier[review.pk]),
        )


def reviews(user: User, kind: str = Store.Kind.REAL) -> QuerySet[Review]:
    """Reviews of the open stores of one kind that this person works in; real ones unless asked otherwise."""
    return Review.objects.filter(store__in=visible(user, kind))


def review_for(user: User, pk: int) -> Review:
    """One review of any store this person works in; Http404 otherwise, whether it exists or not."""
    found = Review.objects.filter(pk=pk, store__in=reachable(user)).select_related("store", "product").first()
    if found is None:
        raise Http404
    return found


def key_of(review: Review) -> SecondKey | None:
    """(product, buyer, second) of a stored review, None where it proves nothing or an id says it better."""
    if review.platform_id:
        return None
    product = product_key(review.product.platform_id, review.product.name) if review.product else ""
    return second_key(product, review.buyer, review.said_at, review.precision)


def known_by_proof(store_id: int, rows: Sequence[Sighting]) -> Known:
    """What is stored with the platform ids or the fingerprints of these rows; at most five queries."""
    ids = [row.platform_id for row in rows if row.platform_id]
    prints = list({row.fingerprint for row in rows})
    numbers = list({row.nth for row in rows})
    store = Review.objects.filter(store_id=store_id)
    edits = Edit.objects.filter(review__store_id=store_id, old_fingerprint__in=prints)
    earlier = list(edits.values_list("review_id", "old_fingerprint"))
    found = [store.filter(fingerprint__in=prints, occurrence__in=numbers)]
    # The index of platform ids holds none that is empty; told so, SQLite uses it instead of reading the whole store.
    found += [store.exclude(platform_id="").filter(platform_id__in=ids)] if ids else []
    found += [store.filter(pk__in=[pk for pk, _print in earlier])] if earlier else []
    known = Known({review.pk: review for part in found for review in part.select_related("product")})
    for pk, print_ in earlier:
        known.earlier[pk].add(print_)
    _fetch_follow_ups(known)
    return known


def known_by_second(store_id: int, keys: Sequence[SecondKey]) -> Known:
    """What is stored with these (product, buyer, second)."""
    if not keys:
        return Known()
    at_that_time = Review.objects.filter(store_id=store_id, said_at__in=list({at for _p, _b, at in keys}))
    wanted = set(keys)
    known = Known({r.pk: r for r in at_that_time.select_related("product") if key_of(r) in wanted})
    _fetch_follow_ups(known)
    edits = Edit.objects.filter(review_id__in=list(known.reviews)) if known.reviews else Edit.objects.none()
    for pk, print_ in edits.values_list("review_id", "old_fingerprint"):
        known.earlier[pk].add(print_)
    return known


def _fetch_follow_ups(known: Known) -> None:
    if known.reviews:
        for later in FollowUp.objects.filter(review_id__in=list(known.reviews)).order_by("position"):
            known.follow_ups[later.review_id].append(later)


