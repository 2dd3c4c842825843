"""Words for the lines of the record: deeds, what they touched, names of fields and counts."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wanhui.audit.models import Entry

register = template.Library()

DEEDS: dict[str, Any] = {
    "accounts.change_password": _("Own password changed"),
    "accounts.choose_address": _("Mail address changed"),
    "accounts.choose_language": _("Language chosen"),
    "accounts.confirm_address": _("Mail address confirmed"),
    "accounts.first_password": _("First password set"),
    "accounts.make_person": _("Person created"),
    "accounts.make_token": _("Access token made"),
    "accounts.rename": _("Name changed"),
    "accounts.reset_password": _("Password set anew at the machine"),
    "accounts.revoke_token": _("Access token revoked"),
    "accounts.set_password": _("New password chosen by a link"),
    "accounts.shut_out": _("Signed out everywhere, tokens ended"),
    "accounts.switch_off": _("Account switched off"),
    "accounts.switch_on": _("Account switched on again"),
    "analytics.rebuild": _("Figures counted anew"),
    "cases.accept": _("Hand-over accepted"),
    "cases.add_note": _("Note written"),
    "cases.assign": _("Case given to somebody"),
    "cases.assign_many": _("Cases given to somebody"),
    "cases.close": _("Case closed"),
    "cases.finish_measure": _("Measure carried out"),
    "cases.hand_over_all": _("Cases of somebody who left handed over"),
    "cases.log_contact": _("Contact logged"),
    "cases.move": _("Stage changed"),
    "cases.move_many": _("Stages changed"),
    "cases.open": _("Case opened"),
    "cases.plan_measure": _("Measure planned"),
    "cases.reopen": _("Case opened again"),
    "cases.reply_recorded": _("Reply clock stopped"),
    "cases.tell": _("Case brought up to date"),
    "cases.undo": _("Undone"),
    "connectors.cancel": _("Import cancelled"),
    "connectors.confirm": _("Import confirmed"),
    "connectors.correct_map": _("Column map corrected"),
    "connectors.finish": _("Import finished"),
    "connectors.keep_map": _("Column map kept"),
    "connectors.lapse": _("Unconfirmed file thrown away"),
    "connectors.receive": _("File received"),
    "connectors.refuse": _("File refused"),
    "connectors.rename_map": _("Column map renamed"),
    "connectors.set_columns": _("Columns of a file set"),
    "connectors.turn_away": _("File of several refused"),
    "connectors.withdraw_map": _("Column map withdrawn"),
    "customers.know": _("Customer noted"),
    "customers.log_contact": _("Contact noted with the customer"),
    "desk.begin_with": _("First view chosen"),
    "desk.delete_view": _("View deleted"),
    "desk.rename_view": _("View renamed"),
    "desk.save_view": _("View kept"),
    "doors.end_visits": _("Devices signed out"),
    "doors.mail_confirmation": _("Letter sent to confirm an address"),
    "doors.mail_reset": _("Link for a new password sent by mail"),
    "doors.new_codes": _("New recovery codes made"),
    "doors.second_factor_off": _("Second factor turned off"),
    "doors.second_factor_on": _("Second factor turned on"),
    "doors.use_recovery_code": _("Signed in with a recovery code"),
    "replies.approve": _("Reply approved"),
    "replies.drop": _("Reply thrown away"),
    "replies.record_sent": _("Reply recorded as sent"),
    "replies.request_approval": _("Approval asked for"),
    "replies.send_back": _("Reply given back"),
    "replies.take_back": _("Reply taken back"),
    "reviews.dry_run": _("Dry run of an import"),
    "reviews.take_in": _("Reviews brought in"),
    "reviews.type_in": _("Review typed in"),
    "stores.add_person": _("Person added to the store"),
    "stores.change_role": _("Role changed"),
    "stores.invite": _("Somebody invited"),
    "stores.join": _("Invitation accepted"),
    "stores.know_products": _("Products noted"),
    "stores.mail_invitation": _("Invitation sent by mail"),
    "stores.open": _("Store opened"),
    "stores.remove_person": _("Person removed from the store"),
    "stores.reset_link": _("Link for a new password made"),
    "stores.settings": _("Settings changed"),
    "stores.withdraw": _("Invitation withdrawn"),
    "triage.add_own_cause": _("Own cause added"),
    "triage.add_to_review": _("Own cause added to a review"),
    "triage.apply_bars": _("Bars learnt from corrections put in place"),
    "triage.ask_rejudging": _("Asked what another engine would say"),
    "triage.confirm_rejudging": _("Judging again wanted"),
    "triage.ask_severity": _("Verdicts of before to be weighed again"),
    "triage.change_own_cause": _("Own cause changed"),
    "triage.change_severity": _("Severity table changed"),
    "triage.confirm": _("Verdict confirmed"),
    "triage.correct": _("Verdict corrected"),
    "triage.export_corrections": _("Corrections taken out as a file"),
    "triage.fill_own_cause": _("Stored reviews looked through for an own cause"),
    "triage.find_own_causes": _("Own causes found"),
    "triage.judge": _("Texts judged"),
    "triage.look_through": _("Own cause to be looked for in stored reviews"),
    "triage.weigh_again": _("Verdicts weighed again"),
    "triage.rejudge": _("Texts judged again by another engine"),
    "triage.retire_own_cause": _("Own cause retired"),
    "triage.revoke_bars": _("Bars learnt from corrections revoked"),
    "triage.say_own_cause": _("Own cause called right or wrong"),
    "triage.stop_rejudging": _("Judging again stopped"),
    "webhooks.change": _("Webhook changed"),
    "webhooks.ping": _("Webhook tried out"),
    "webhooks.renew_secret": _("New secret for a webhook"),
    "webhooks.replay": _("Webhook message sent again"),
    "webhooks.subscribe": _("Webhook added"),
    "webhooks.unsubscribe": _("Webhook removed"),
}
KINDS: dict[str, Any] = {
    "batch": _("Step %(ref)s"),
    "view": _("View %(ref)s"),
    "case": _("Case %(ref)s"),
    "figures": _("Figures"),
    "own_cause": _("Own cause %(ref)s"),
    "review": _("Review %(ref)s"),
    "reply": _("Reply %(ref)s"),
    "import": _("Import %(ref)s"),
    "column_map": _("Column map %(ref)s"),
    "store": _("Store %(ref)s"),
    "token": _("Access token %(ref)s"),
    "invitation": _("Invitation %(ref)s"),
    "user": _("Person %(ref)s"),
    "customer": _("Customer %(ref)s"),
    "webhook": _("Webhook %(ref)s"),
    "rejudging": _("Judging again %(ref)s"),
}
FIELDS: dict[str, Any] = {
    "assignee": _("in charge"),
    "cases": _("cases"),
    "changed": _("read differently"),
    "causes": _("causes"),
    "checked": _("checked verdicts"),
    "closed_at": _("closed"),
    "conclusion": _("conclusion"),
    "days": _("days"),
    "differed": _("days that differed"),
    "duplicate": _("known already"),
    "edited": _("changed"),
    "evidence": _("words of the text that say so"),
    "flags": _("flags"),
    "follow_ups": _("follow-ups"),
    "kept": _("left as people said"),
    "language": _("language"),
    "left_alone": _("left alone"),
    "max_case_age_days": _("age limit of cases"),
    "name": _("name"),
    "new": _("new"),
    "outcome": _("outcome"),
    "password": _("password"),
    "primary": _("main cause"),
    "products": _("products"),
    "reasons": _("reasons"),
    "refused": _("refused"),
    "reply_within_hours": _("reply hours"),
    "role": _("role"),
    "rows": _("rows"),
    "sentiment": _("mood"),
    "severity": _("severity"),
    "stage": _("stage"),
    "timezone": _("time zone"),
    "trade": _("trade"),
    "verdicts": _("verdicts"),
    "version": _("version"),
    "view": _("view"),
    "display_name": _("name"),
    "email": _("mail address"),
    "visits": _("devices"),
    "codes": _("recovery codes"),
    "tokens": _("tokens"),
}
PAGES = {"case": "desk:case", "review": "desk:review", "store": "stores:store"}


@register.filter
def deed(verb: str) -> str:
    """What was done, in words; a verb without words here keeps its own name."""
    return str(DEEDS.get(verb, verb))


@register.filter
def touched(entry: Entry) -> SafeString | str:
    """What a deed touched, as a link where it has a page."""
    words = str(KINDS[entry.kind]) % {"ref": entry.ref} if entry.kind in KINDS else f"{entry.kind} {entry.ref}"
    page = PAGES.get(entry.kind)
    if page and entry.ref.isdecimal():
        return format_html('<a href="{}">{}</a>', reverse(page, args=[int(entry.ref)]), words)
    return words


@register.filter
def field_name(code: str) -> str:
    """The name of a changed field or of a count."""
    return str(FIELDS.get(code, code))


@register.filter
def at(names: Mapping[int, str], key: int | None) -> str:
    """The name under this key; empty where there is none."""
    return names.get(key, "") if key is not None else ""
