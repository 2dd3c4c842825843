"""Words for roles, and the forms of stores and their people."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.rules import Role
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
