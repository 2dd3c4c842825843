"""Opening a store, its settings, its people, its products."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Role, Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.playbook.loader import book
from wanhui.search import actions as search
from wanhui.stores import queries, rules
from wanhui.stores.models import Membership, Product, Store
from wanhui.stores.sought import items
from wanhui.work import actions as work

ProductKey = tuple[str, str]


def open_store(name: str, platform: str, *, actor: User, kind: str = Store.Kind.REAL) -> Store:
    """A new store that the actor owns, with the platform's usual zone and language. Refused when the name is taken."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the store a name."))
    pack = book().platforms.get(platform)
    if pack is None:
        raise Refused(_("This platform is not in the playbook. Choose one from the list, or “other”."))
    store = Store(
        name=name,
        platform=platform,
        kind=kind,
        trade=Store.Trade.HOTEL if pack.kind == "hotel" else Store.Trade.GOODS,
        timezone=rules.usual_zone(pack.market),
        language=rules.usual_language(pack.market),
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            store.save()
            Membership.objects.create(store=store, user=actor, role=Role.OWNER)
            record("stores.open", actor=actor, kind="store", ref=store.pk, store=store.pk)
    except IntegrityError as error:
        raise Refused(_("There is already a store with this name on this platform. Choose another name.")) from error
    return store


def change_settings(store: Store, changes: dict[str, str | int], *, actor: User) -> Store:
    """Change name, timezone, language, trade, reply_within_hours or max_case_age_days. Refused with what is wrong."""
    queries.require(actor, Verb.SETTINGS, store.pk)
    allowed = {"name", "timezone", "language", "trade", "reply_within_hours", "max_case_age_days"}
    if unknown := set(changes) - allowed:
        raise ValueError(f"not a setting: {', '.join(sorted(unknown))}")
    if "timezone" in changes and not rules.known_zone(str(changes["timezone"])):
        raise Refused(_("This time zone is not known. Use a name such as Asia/Shanghai."))
    changed = sorted(key for key, value in changes.items() if getattr(store, key) != value)
    if not changed:
        return store
    for key in changed:
        setattr(store, key, changes[key])
    try:
        with transaction.atomic():
            store.save(update_fields=changed)
            if "timezone" in changed:
                work.mark_stale(store.pk)  # moments fall on other days now
            record("stores.settings", actor=actor, kind="store", ref=store.pk, store=store.pk, fields=changed)
    except IntegrityError as error:
        raise Refused(_("There is already a store with this name on this platform. Choose another name.")) from error
    return store


def set_role(store: Store, user: User, role: Role, *, actor: User) -> Membership:
    """Add a person to a store or change their role. Refused when the store would be left without an owner."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    if role is not Role.OWNER:
        _refuse_without_owner(store, user)
    with transaction.atomic():
        membership, made = Membership.objects.update_or_create(store=store, user=user, defaults={"role": role})
        verb = "stores.add_person" if made else "stores.change_role"
        record(verb, actor=actor, kind="user", ref=user.pk, store=store.pk, fields=["role"])
    return membership


def remove_person(store: Store, user: User, *, actor: User) -> None:
    """Take a person out of a store; their deeds stay. Refused when the store would be left without an owner."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    _refuse_without_owner(store, user)
    with transaction.atomic():
        Membership.objects.filter(store=store, user=user).delete()
        record("stores.remove_person", actor=actor, kind="user", ref=user.pk, store=store.pk)


def _refuse_without_owner(store: Store, leaving: User) -> None:
    others = Membership.objects.filter(store=store, role=Role.OWNER, user__is_active=True).exclude(user=leaving)
    if not others.exists():
        raise Refused(_("A store needs an owner. Make another person owner first."))


def know_products(
    store_id: int, wanted: Iterable[ProductKey], *, actor: User | None
) -> dict[ProductKey, int]:
    """The ids of products by (platform id or "", name), made where new. Part of an import: its entry counts them."""
    keys = {(i, name): (i[:64], " ".join(name.split())[:300]) for i, name in wanted}
    found = _known(store_id, keys.values())
    missing = [(i, n) for i, n in keys.values() if (i or n) and (i, n) not in found]
    new = {i or n: Product(store_id=store_id, platform_id=i, name=n or i) for i, n in missing}
    if new:
        with transaction.atomic():
            made = Product.objects.bulk_create(new.values(), ignore_conflicts=True)
            record("stores.know_products", actor=actor, kind="store", ref=store_id, store=store_id,
                   counts={"products": len(made)})
            found = _known(store_id, keys.values())
            search.put(items(sorted({found[key] for key in missing if key in found})))
    return {original: found[key] for original, key in keys.items() if key in found}


def _known(store_id: int, keys: Iterable[ProductKey]) -> dict[ProductKey, int]:
    wanted = list(keys)
    by_id = dict(
        Product.objects.filter(store_id=store_id, platform_id__in=[i for i, _n in wanted if i])
        .values_list("platform_id", "pk")
    )
    by_name = dict(
        Product.objects.filter(store_id=store_id, platform_id="", name__in=[n for i, n in wanted if not i and n])
        .values_list("name", "pk")
    )
    found = {(i, n): by_id[i] for i, n in wanted if i in by_id}
    return found | {(i, n): by_name[n] for i, n in wanted if not i and n in by_name}
