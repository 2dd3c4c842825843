"""Words for values that every page shows: moments, days, what is left of a clock, stars."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanhui.kit import clock

register = template.Library()

MAX_STARS = 5
DAY = 24 * 60
ONLY_DAYS = 3
# Ours, not Django's: its Chinese short formats leave no room for "this year needs no year".
_DAYS = {"zh": ("n月j日", "Y年n月j日"), "de": ("d.m.Y", "d.m.Y"), "en": ("j M Y", "j M Y")}
_BETWEEN = {"zh": " ", "de": " ", "en": ", "}


def _language() -> str:
    return (translation.get_language() or "zh")[:2]


def day_words(day: date) -> str:
    """11月21日, 21.11.2026, 21 Nov 2026; in Chinese with the year when it is another year."""
    short, long = _DAYS.get(_language(), _DAYS["en"])
    return formats.date_format(day, short if day.year == clock.now().year else long)


@register.filter
def day(value: date | None) -> SafeString | str:
    """A calendar day as a <time>; empty for none."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_words(value))


@register.filter
def date_in(value: datetime | None, zone: str) -> SafeString | str:
    """The day on which a moment falls in a store's time zone; empty for none."""
    return day(value.astimezone(ZoneInfo(zone)).date()) if value else ""


@register.filter
def moment(value: datetime | None, zone: str = "") -> SafeString | str:
    """A moment as a <time>, in the store's `zone` (an IANA name) or else the desk's; empty for none."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(value)
    words = f"{day_words(local.date())}{_BETWEEN.get(_language(), ' ')}{local:%H:%M}"
    return format_html('<time class="num" datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time, without its sign: 5:10 below a day, then days and hours, from three days on only days."""
    if value is None:
        return ""
    minutes = int(abs(value).total_seconds()) // 60
    days, hours = minutes // DAY, minutes % DAY // 60
    if not days:
        return f"{hours}:{minutes % 60:02d}"
    if days >= ONLY_DAYS or not hours:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}


@register.simple_tag
def stars(count: int | None) -> SafeString:
    """Stars as a picture with words for those who cannot see it; a missing star stays missing."""
    if count is None:
        return format_html('<span class="stars muted">{}</span>', _("no star"))
    full = min(count, MAX_STARS)
    label = _("%(count)d of 5 stars") % {"count": count}
    return format_html(
        '<span class="stars" role="img" aria-label="{}">{}<span class="off">{}</span></span>',
        label, "★" * full, "★" * (MAX_STARS - full),
    )


@register.filter
def percent(share: float | None) -> str:
    """0.018 as 1.8 % in the reader's manner; a dash where there is nothing to divide by."""
    if share is None:
        return "–"
    # number_format cuts where people round.
    return _("%(number)s%%") % {"number": formats.number_format(round(share * 100, 1), 1)}


@register.simple_tag
def languages() -> list[tuple[str, str, str]]:
    """The languages of the desk: code, own name, and the own name's two first letters. Never translated."""
    return [(code, name, name[:2]) for code, name in settings.LANGUAGES]
