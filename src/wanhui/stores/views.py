"""Stores: which ones, who works there, their settings, and starting one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Role, Verb, allows
from wanhui.doors import entering
from wanhui.doors import queries as doors
from wanhui.doors.letters import mail_works
from wanhui.kit.errors import Refused
from wanhui.stores import actions, queries
from wanhui.stores.forms import ROLES, VERBS, AddPersonForm, HeirForm, InviteForm, JoinForm, SettingsForm, StartForm
from wanhui.stores.models import Invitation, Store
from wanhui.web.language import KEY
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
    person_form: AddPersonForm | None = None, invite_form: InviteForm | None = None,
) -> HttpResponse:
    user = signed_in(request)
    members = list(queries.members_of(user, found.pk))
    may_people = queries.may(user, Verb.PEOPLE, found.pk)
    context: dict[str, Any] = {
        "store": found,
        "members": members,
        "locked_twice": doors.with_second_factor(m.user_id for m in members) if may_people else set(),
        "invitations": _invitations(request, found) if may_people else [],
        "invite_form": invite_form or InviteForm(by_mail=mail_works()),
        "roles": ROLES,
        "may_people": may_people,
        "may_settings": queries.may(user, Verb.SETTINGS, found.pk),
        "may_rejudge": queries.may(user, Verb.REJUDGE, found.pk),
        "may_read_corrections": all(queries.may(user, verb, found.pk) for verb in (Verb.CORRECT, Verb.EXPORT)),
        "may_import": queries.may(user, Verb.IMPORT, found.pk),
        "settings_form": settings_form or SettingsForm(found),
        "person_form": person_form or AddPersonForm(),
        "first": request.session.pop(SHOWN_ONCE, None),
    }
    return render(request, "stores/store.html", context)


def _invitations(request: HttpRequest, found: Store) -> list[dict[str, Any]]:
    open_ones = queries.invitations(signed_in(request), found.pk)
    letters = queries.letter_states(open_ones)
    return [
        {"invitation": each, "letter": letters.get(each.pk, ""),
         "link": request.build_absolute_uri(queries.invitation_path(each))}
        for each in open_ones
    ]


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
    member = queries.member_of(user, pk, person).user
    wanted = request.POST.get("role", "")
    if wanted not in set(Role):
        raise Refused(_("This role does not exist. Choose one from the list."))
    actions.set_role(found, member, Role(wanted), actor=user)
    messages.success(request, _("%(name)s: %(role)s.") % {"name": member, "role": ROLES[wanted]})
    return see("stores:store", pk, anchor="people")


@never_cache
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """One person of a store, for its owner: a link for a new password, leaving, the account."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    member = queries.member_of(user, pk, person)
    link = ""
    if request.method == "POST":
        link = request.build_absolute_uri(actions.reset_link(found, member.user, actor=user))
    heirs = queries.people_who_may(Verb.CLAIM, pk).exclude(pk=person)
    return render(request, "stores/person.html", {
        "store": found, "member": member, "link": link, "heir_form": HeirForm(heirs),
        "theirs_alone": queries.is_theirs_alone(user, member.user),
        "second_factor": doors.has_second_factor(member.user), "is_me": member.user_id == user.pk,
    })


@require_POST
def remove_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Take a person out of a store; their open cases go to whoever was chosen."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    member = queries.member_of(user, pk, person).user
    actions.remove_person(found, member, actor=user, successor=_heir(request, pk))
    messages.success(request, _("%(name)s does not work here any more. What they did stays in the record.")
                     % {"name": member})
    return see("stores:list") if member.pk == user.pk else see("stores:store", pk, anchor="people")


def _heir(request: HttpRequest, pk: int) -> User | None:
    chosen = request.POST.get("heir", "")
    return get_object_or_404(queries.people_in(pk), pk=int(chosen)) if chosen.isdecimal() else None


@require_POST
def switch_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Switch the account of a person of one's own off, or on again."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    member = queries.member_of(user, pk, person).user
    if member.is_active:
        actions.switch_off(found, member, actor=user, successor=_heir(request, pk))
        messages.success(request, _("%(name)s cannot sign in any more. What they did stays in the record.")
                         % {"name": member})
    else:
        actions.switch_on(found, member, actor=user)
        messages.success(request, _("%(name)s can sign in again.") % {"name": member})
    return see("stores:store", pk, anchor="people")


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a place for somebody: the link stands in the list of open invitations, and goes by mail where it can."""
    user = signed_in(request)
    found = queries.store_for(user, pk)
    queries.require(user, Verb.PEOPLE, pk)
    form = InviteForm(request.POST, by_mail=mail_works())
    if not form.is_valid():
        return _page(request, found, invite_form=form)
    given = form.cleaned_data
    made = actions.invite(found, Role(given["role"]), given.get("email", ""), given.get("language", user.language),
                          actor=user)
    messages.success(request, _("The letter is on its way. The link also stands below.") if made.email else
                     _("The link stands below. Copy it and pass it on."))
    return see("stores:store", pk, anchor="invitations")


@require_POST
def withdraw(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    user = signed_in(request)
    queries.require(user, Verb.PEOPLE, pk)
    found = get_object_or_404(Invitation, pk=invitation, store_id=pk)
    actions.withdraw(found, actor=user)
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
    return see("stores:store", pk, anchor="invitations")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The link of an invitation. Who is signed in joins with one press; somebody new chooses a name and a password."""
    invitation = queries.invitation_by(pk, key)
    user = request.user if isinstance(request.user, User) else None
    if not queries.still_open(invitation):
        return render(request, "stores/over.html", status=410)
    form = JoinForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and user is not None:
        actions.join(invitation, actor=user)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = actions.join_as_new(invitation, given["username"], given["display_name"], given["password"],
                                       given["language"], actor=None)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            request.session[KEY] = given["language"]
            entering.enter(request, user)
    if request.method == "POST" and user is not None:
        messages.success(request, _("Welcome to %(store)s.") % {"store": invitation.store})
        return redirect("desk:queue")
    return render(request, "stores/join.html", {"invitation": invitation, "form": form, "roles": ROLES})


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do what: the matrix that every page and the API ask, role by role."""
    lines = [(VERBS[verb], [(ROLES[role], allows(role, verb)) for role in Role]) for verb in Verb]
    mine = {membership.role for membership in queries.memberships(signed_in(request))}
    return render(request, "stores/roles.html", {
        "lines": lines, "heads": [(ROLES[role], role in mine) for role in Role],
        "each": [(ROLES[role], role in mine, [VERBS[verb] for verb in Verb if allows(role, verb)]) for role in Role],
    })
