"""Words for roles, and the forms of stores and their people."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Role, Verb
from wanhui.playbook.loader import book
from wanhui.stores.models import Store

ROLES: dict[str, Any] = {
    Role.OWNER: _("Owner"),
    Role.MANAGER: _("Manager"),
    Role.LEAD: _("Lead"),
    Role.AGENT: _("Agent"),
    Role.SCOUT: _("Scout"),
    Role.AFTER_SALES: _("After-sales"),
    Role.QUALITY: _("Quality"),
    Role.MARKETING: _("Marketing"),
    Role.VIEWER: _("Viewer"),
}
VERBS: dict[str, Any] = {
    Verb.SEE: _("See reviews, cases and figures"),
    Verb.IMPORT: _("Bring in reviews"),
    Verb.CORRECT: _("Correct a verdict"),
    Verb.REJUDGE: _("Have reviews judged again by another engine"),
    Verb.CLAIM: _("Take and work on cases"),
    Verb.WRITE: _("Write replies and notes"),
    Verb.APPROVE: _("Approve replies"),
    Verb.SEND: _("Record replies as sent"),
    Verb.GRANT_SMALL: _("Grant up to 10"),
    Verb.GRANT_MEDIUM: _("Grant up to 50"),
    Verb.GRANT_LARGE: _("Grant above 50"),
    Verb.APPEAL: _("Appeal to the platform"),
    Verb.CLOSE: _("Close cases"),
    Verb.EXPORT: _("Export tables"),
    Verb.UNMASK: _("Show masked personal data"),
    Verb.SETTINGS: _("Change settings"),
    Verb.PEOPLE: _("Invite people, change roles"),
}
TRADES: dict[str, Any] = {Store.Trade.GOODS: _("Goods"), Store.Trade.HOTEL: _("Hotel")}
TONGUES: list[tuple[str, Any]] = [("zh", _("Chinese")), ("de", _("German")), ("en", _("English"))]
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Europe/Berlin", "Europe/London", "UTC")
USUAL = ("taobao", "tmall", "pdd", "jd", "douyin", "kuaishou", "xiaohongshu", "ctrip", "meituan", "dianping", "otto")


class StartForm(forms.Form):
    """One's own shop: a name and a platform, nothing more."""

    name = forms.CharField(label=_("Name of the shop"), max_length=80)
    platform = forms.ChoiceField(label=_("Platform"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        words = get_language()
        packs = sorted(book().platforms.values(), key=lambda pack: _place(pack.id))
        field = self.fields["platform"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pack.id, pack.names.say(words)) for pack in packs]


def _place(platform: str) -> int:
    """Where most shops are comes first, "other" last."""
    if platform == "other":
        return len(USUAL) + 1
    return USUAL.index(platform) if platform in USUAL else len(USUAL)


class SettingsForm(forms.Form):
    """What can be set for a store; starts from what is set."""

    name = forms.CharField(label=_("Name of the store"), max_length=80)
    trade = forms.ChoiceField(label=_("Trade"), choices=list(TRADES.items()))
    timezone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language of public replies"), choices=TONGUES)
    reply_within_hours = forms.IntegerField(
        label=_("First reply within (hours)"), min_value=1, max_value=240, help_text=_("Counted from when we see it.")
    )
    max_case_age_days = forms.IntegerField(
        label=_("Open cases for reviews up to (days old)"), min_value=1, max_value=365,
        help_text=_("Older bad reviews are kept and counted, but wait for nobody."),
    )

    def __init__(self, store: Store, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(store, name) for name in self.base_fields})
        zone = self.fields["timezone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(each, each) for each in dict.fromkeys([store.timezone, *ZONES])]


class AddPersonForm(forms.Form):
    """A person for a store: a new one, or one who signs in here already."""

    username = forms.CharField(
        label=_("Name to sign in with"), max_length=150,
        help_text=_("Somebody who signs in here already keeps their password."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("Name colleagues see"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), initial=Role.AGENT)


class InviteForm(forms.Form):
    """A place to keep: as what, for whom, in which language the letter is."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), initial=Role.AGENT)
    email = forms.EmailField(label=_("Mail address"), required=False, max_length=254)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None, *, by_mail: bool) -> None:
        super().__init__(data, initial={"language": get_language()}, auto_id="invite-%s")  # beside the other form
        if not by_mail:
            del self.fields["email"], self.fields["language"]


class JoinForm(forms.Form):
    """Who takes the place: a name to sign in with, a name for colleagues, a password, a language."""

    username = forms.CharField(
        label=_("Name to sign in with"), max_length=150,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("Name colleagues see"), max_length=60)
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=200,
        help_text=_("At least 10 characters. Three words you remember are fine."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class HeirForm(forms.Form):
    """Who takes over the open cases of somebody who leaves."""

    heir = forms.ChoiceField(label=_("Their open cases go to"), required=False)

    def __init__(self, people: Iterable[User], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["heir"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("nobody: everyone can take them")), *((str(p.pk), str(p)) for p in people)]
