"""Stores: which ones, who works there, their settings, and starting one's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Role, Verb
from wanhui.kit.errors import Refused
from wanhui.stores import actions, queries
from wanhui.stores.forms import ROLES, AddPersonForm, SettingsForm, StartForm
from wanhui.stores.models import Store
from wanhui.web.redirects import see

SHOWN_ONCE = "first_password"


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    """The stores this person works in, own ones first, then the practice ones."""
    user = signed_in(request)
    mine = list(queries.memberships(user))
    return render(request, "stores/list.html", {
        "real": [m for m in mine if m.store.kind == Store.Kind.REAL],
        "practice": [m for m in mine if m.store.kind != Store.Kind.REAL],
    })


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open one's own shop: from here on the desk shows real stores and the demo is left behind."""
    user = signed_in(request)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            store = actions.open_store(form.cleaned_data["name"], form.cleaned_data["platform"], actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” is open. Now bring in its reviews.") % {"name": store})
            return see("connectors:start")
    return render(request, "stores/start.html", {"form": form})


@require_safe
def store(request: HttpRequest, pk: int) -> HttpResponse:
    """One store: its people and its settings."""
    return _page(request, queries.store_for(signed_in(request), pk))


def _page(
    request: HttpRequest, found: Store, *, settings_form: SettingsForm | None = None,
    person_form: AddPersonForm | None = None,
) -> HttpResponse:
    user = signed_in(request)
    context: dict[str, Any] = {
        "store": found,
        "members": queries.members_of(user, found.pk),
        "roles": ROLES,
        "may_people": queries.may(user, Verb.PEOPLE, found.pk),
        "may_settings": queries.may(user, Verb.SETTINGS, found.pk),
        "may_import": queries.may(user, Verb.IMPORT, found.pk),
        "settings_form": settings_form or SettingsForm(found),
        "person_form": person_form or AddPersonForm(),
        "first": request.session.pop(SHOWN_ONCE, None),
    }
    return render(request, "stores/store.html", context)


@require_POST
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a store's settings."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    form = SettingsForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, settings_form=form)
    actions.change_settings(found, form.cleaned_data, actor=user)
    messages.success(request, _("The settings are saved."))
    return see("stores:store", pk, anchor="settings")


@require_POST
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person to a store; somebody new gets a first password, shown on the next page only."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    queries.require(user, Verb.PEOPLE, pk)
    form = AddPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, person_form=form)
    username = form.cleaned_data["username"].strip().lower()
    person = User.objects.filter(username=username).first()
    anchor = "people"
    if person is None:
        person, first = accounts.make_person(
            username, form.cleaned_data["display_name"], actor=user, language=user.language
        )
        request.session[SHOWN_ONCE] = {"store": pk, "username": person.username, "password": first}
        anchor = "first"
    actions.set_role(found, person, Role(form.cleaned_data["role"]), actor=user)
    messages.success(request, _("%(name)s works here now.") % {"name": person})
    return see("stores:store", pk, anchor=anchor)


@require_POST
def set_role(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Give a person of a store another role."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    member = get_object_or_404(queries.people_in(pk), pk=person)
    wanted = request.POST.get("role", "")
    if wanted not in set(Role):
        raise Refused(_("This role does not exist. Choose one from the list."))
    actions.set_role(found, member, Role(wanted), actor=user)
    messages.success(request, _("%(name)s: %(role)s.") % {"name": member, "role": ROLES[wanted]})
    return see("stores:store", pk, anchor="people")


@require_POST
def remove_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Take a person out of a store."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    member = get_object_or_404(queries.people_in(pk), pk=person)
    actions.remove_person(found, member, actor=user)
    messages.success(request, _("%(name)s does not work here any more. What they did stays in the record.")
                     % {"name": member})
    return see("stores:list") if member.pk == user.pk else see("stores:store", pk, anchor="people")
