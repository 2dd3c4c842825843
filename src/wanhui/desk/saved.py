"""Saved views: keep, rename, throw away, begin with. All POST; each goes back to the queue as it was narrowed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wanhui.accounts.queries import signed_in
from wanhui.desk import actions, seats
from wanhui.web.redirects import SeeOther, see
from wanhui.web.refusals import way_back


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter the queue is narrowed to under a name, for oneself or for the people of a store."""
    user = signed_in(request)
    query = seats.canonical(QueryDict(request.POST.get("query", "")).dict())
    store = request.POST.get("store", "")
    view = actions.save_view(
        request.POST.get("name", ""), query, actor=user, store=int(store) if store.isdecimal() else None
    )
    messages.success(request, _("“%(name)s” is kept as a view.") % {"name": view.name})
    return SeeOther(f"{reverse('desk:queue')}?{view.query}")


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a view another name."""
    user = signed_in(request)
    actions.rename_view(seats.view_for(user, pk), request.POST.get("name", ""), actor=user)
    messages.success(request, _("The view has its new name."))
    return SeeOther(way_back(request))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a view away."""
    user = signed_in(request)
    actions.delete_view(seats.view_for(user, pk), actor=user)
    messages.success(request, _("The view is gone; no case was changed."))
    return see("desk:everything")


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin with this view from now on; pressed again, with everything."""
    user = signed_in(request)
    view = seats.view_for(user, pk)
    wanted = view if request.POST.get("begin") == "1" else None
    actions.begin_with(wanted, actor=user)
    messages.success(request, _("The queue begins with “%(name)s” now.") % {"name": view.name} if wanted
                     else _("The queue begins with all cases now."))
    return SeeOther(way_back(request))
