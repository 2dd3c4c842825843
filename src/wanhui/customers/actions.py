"""Knowing a customer, and logging every attempt to reach them."""

from django.db import transaction

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.customers.models import Contact, Customer
from wanhui.customers.sought import items
from wanhui.kit import clock
from wanhui.search import actions as search
from wanhui.stores.queries import require


def know(store_id: int, shown_name: str, *, actor: User | None, handle: str = "") -> Customer:
    """The customer with this handle, or a new one. A masked name is no identity: without a handle it is always new."""
    if handle:
        known = Customer.objects.filter(store_id=store_id, handle=handle).first()
        if known is not None:
            return known
    with transaction.atomic():
        customer = Customer.objects.create(
            store_id=store_id, handle=handle, shown_name=shown_name[:120], created_at=clock.now()
        )
        search.put(items([customer.pk]))
        record("customers.know", actor=actor, kind="customer", ref=customer.pk, store=store_id)
    return customer


def log_contact(customer: Customer, channel: str, result: str, note: str = "", *, actor: User) -> Contact:
    """Write down one attempt to reach a customer. ValueError for a channel or result that does not exist."""
    require(actor, Verb.CLAIM, customer.store_id)
    contact = Contact(
        customer=customer,
        channel=Contact.Channel(channel),
        result=Contact.Result(result),
        note=note.strip()[:2000],
        by=actor,
        at=clock.now(),
    )
    with transaction.atomic():
        contact.save()
        record("customers.log_contact", actor=actor, kind="customer", ref=customer.pk, store=customer.store_id)
    return contact
