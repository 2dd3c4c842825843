"""The page where one review is typed or pasted. Reviews themselves are shown by the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanhui.accounts.queries import signed_in
from wanhui.kit.errors import Refused
from wanhui.reviews import actions
from wanhui.reviews.forms import TypeInForm
from wanhui.web.redirects import see


@require_http_methods(["GET", "POST"])
def type_in(request: HttpRequest) -> HttpResponse:
    """Paste or type one review, for places without an export."""
    user = signed_in(request)
    form = TypeInForm(user, request.POST or None, request.FILES or None, initial={"store": request.GET.get("store")})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["screenshot"]
        try:
            review = actions.type_in(
                form.cleaned_data["store"], form.typed, actor=user, screenshot=upload.file if upload else None
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The review is in the desk. It is judged within seconds."))
            return see("desk:review", review.pk)
    return render(request, "reviews/type_in.html", {"form": form})
