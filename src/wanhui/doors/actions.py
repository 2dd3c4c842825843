"""Signing in and out elsewhere, the second factor, and asking for a new password by mail."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from wanhui.accounts.models import User
from wanhui.accounts.queries import address_key, named
from wanhui.audit.actions import record
from wanhui.doors import queries, rules
from wanhui.doors.letters import absolute, mail_works, send
from wanhui.doors.models import Visit, kept_key
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.work.actions import note
from wanhui.work.models import Step


def end_visit(user: User, visit_key: str, *, actor: User) -> int:
    """Sign a person's other device out, named by its kept key; how many were (0: it was out already)."""
    return _end(user, actor=actor, session_key=visit_key)


def end_others(user: User, here: str | None, *, actor: User | None) -> int:
    """Sign a person out everywhere but `here` (this browser's session key; None: everywhere); how many were."""
    return _end(user, actor=actor, but=here)


def _end(user: User, *, actor: User | None, but: str | None = None, **only: str) -> int:
    with transaction.atomic():
        visits = Visit.objects.filter(person=user, **only)
        if but is not None:
            visits = visits.exclude(session_key=kept_key(but))
        ended, _each = visits.delete()
        if ended:
            record("doors.end_visits", actor=actor, kind="user", ref=user.pk, counts={"visits": ended})
    return ended


def note_seen(key: str, *, actor: User) -> None:
    """Remember that a browser is still in use, every few minutes: bookkeeping, no deed."""
    Visit.objects.filter(session_key=kept_key(key), person=actor).update(last_seen=clock.now())


def clear_up(*, actor: User | None) -> int:
    """Remove visits that ended by themselves; how many."""
    return Visit.objects.filter(expire_date__lt=clock.now()).delete()[0]


def begin_second_factor(user: User, *, actor: User) -> TOTPDevice:
    """A new key for an app, waiting to be confirmed by its first code; an earlier unconfirmed one is thrown away."""
    _own(user, actor)
    if queries.has_second_factor(user):
        raise Refused(_("Your second factor is on already. Turn it off first to set it up on another device."))
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm_second_factor(user: User, code: str, *, actor: User) -> list[str]:
    """Turn the second factor on by a first right code; the recovery codes, shown once and kept as marks only."""
    _own(user, actor)
    device = queries.unconfirmed(user)
    if device is None or queries.has_second_factor(user):
        raise Refused(_("Nothing is being set up. Start again."))
    _verify(device, rules.plain_code(code))
    with transaction.atomic():
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = _write_codes(user)
        record("doors.second_factor_on", actor=actor, kind="user", ref=user.pk, counts={"codes": len(codes)})
    return codes


def new_codes(user: User, code: str, *, actor: User) -> list[str]:
    """New recovery codes against a right code; the old ones end."""
    _own(user, actor)
    check_code(user, code, actor=actor)
    with transaction.atomic():
        codes = _write_codes(user)
        record("doors.new_codes", actor=actor, kind="user", ref=user.pk, counts={"codes": len(codes)})
    return codes


def _write_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [rules.new_code() for _ in range(rules.CODES)]
    for code in codes:
        device.token_set.create(token=queries.code_mark(code))
    return codes


def turn_off_second_factor(user: User, password: str, code: str, *, actor: User) -> None:
    """Turn the second factor off: asks for the password and a code, so that an open browser is not enough."""
    _own(user, actor)
    if not user.check_password(password):
        raise Refused(_("The password is not right. Try again."))
    check_code(user, code, actor=actor)
    clear_second_factor(user, actor=actor)


def clear_second_factor(user: User, *, actor: User | None) -> None:
    """Forget a person's second factor. actor: None is the person at the machine itself (the command line)."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        record("doors.second_factor_off", actor=actor, kind="user", ref=user.pk)


def check_code(user: User, code: str, *, actor: User) -> None:
    """Go on only with a right code: the app's six digits, or a recovery code, which is used up and leaves an entry.

    Refused with a sentence, and with the time to wait after wrong ones: it doubles with each.
    """
    _own(user, actor)
    plain = rules.plain_code(code)
    if rules.is_timed(plain):
        device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
        _verify(device, plain)
        return
    recovery = StaticDevice.objects.filter(user=user).first()
    _verify(recovery, queries.code_mark(plain))
    with transaction.atomic():
        record("doors.use_recovery_code", actor=actor, kind="user", ref=user.pk)


def _verify(device: TOTPDevice | StaticDevice | None, code: str) -> None:
    """Refused unless the code is right. A wrong one is counted: the refusal comes after that was written."""
    if device is None:
        raise Refused(_("This code is not right. Enter the newest one."))
    with transaction.atomic():
        held = type(device).objects.select_for_update().get(pk=device.pk)
        allowed, why = held.verify_is_allowed()
        right = allowed and held.verify_token(code)
    if not allowed:
        seconds = max(1, round((why["locked_until"] - clock.now()).total_seconds()))
        raise Refused(ngettext(
            "Too many wrong codes. Wait %(seconds)d second, then try again.",
            "Too many wrong codes. Wait %(seconds)d seconds, then try again.", seconds,
        ) % {"seconds": seconds})
    if not right:
        raise Refused(_("This code is not right. Enter the newest one."))


def _own(user: User, actor: User) -> None:
    if user.pk != actor.pk:
        raise Refused(_("Everyone sets up their own second factor."))


def ask_reset(typed: str, address: str, *, actor: User | None) -> None:
    """Somebody forgot a password: have a link sent to whoever `typed` (sign-in name or mail address) means, if anybody.

    The same is written whether that is somebody or nobody, so that neither the answer nor its time tells.
    address: where the request comes from. Refused after too many from there within an hour.
    """
    now = clock.now()
    origin = salted_hmac("wanhui.doors.origin", address, algorithm="sha256").hexdigest()[:24]
    asked = salted_hmac("wanhui.doors.asked", typed.strip().lower(), algorithm="sha256").hexdigest()[:24]
    since = now - rules.ASK_WINDOW
    if Step.objects.filter(kind="reset.asked", ref__startswith=origin, noted_at__gt=since).count() >= rules.ASK_MOST:
        raise Refused(_("Too many links were asked for. Wait an hour, or ask the owner of your store."))
    people = list(named(typed).exclude(email="").values_list("pk", flat=True)[:3])
    with transaction.atomic():
        note("reset.asked", f"{origin}:{asked}:{rules.turn(now)}", ids=people)


def pass_on_resets(user_ids: Sequence[int], *, actor: User | None) -> None:
    """One letter to each, at most one a person in ten minutes, however many ask: nobody's mail box is filled."""
    with transaction.atomic():
        for pk in user_ids:
            note("reset.letter", f"{pk}:{rules.turn(clock.now())}", ids=[pk])


def mail_reset(user_id: int, *, actor: User | None) -> None:
    """Send the link for a new password to a person's confirmed address, in their language."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None or not mail_works():
        return
    with translation.override(user.language):
        send(user.email, _("Wanhui: choose a new password"), _(
            "Hello %(name)s,\n\nsomebody asked for a new password for your sign-in name %(username)s. If it was you, "
            "open this link and choose one:\n\n%(link)s\n\nThe link works once, for one day. If it was not you, do "
            "nothing: your password stays as it is."
        ) % {"name": user, "username": user.username, "link": absolute(queries.reset_path(user))})
    with transaction.atomic():
        record("doors.mail_reset", actor=actor, kind="user", ref=user.pk)


def mail_confirmation(user_id: int, *, actor: User | None) -> None:
    """Ask a new address whether it is this person's. Where no mail is set up the address waits."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email_wanted="").first()
    if user is None or not mail_works():
        return
    link = absolute(reverse("accounts:confirm_address", args=[address_key(user)]))
    with translation.override(user.language):
        send(user.email_wanted, _("Wanhui: is this your address?"), _(
            "Hello %(name)s,\n\nopen this link to confirm that letters of the desk reach you here:\n\n%(link)s\n\n"
            "The link works for three days. If you did not ask for it, do nothing."
        ) % {"name": user, "link": link})
    with transaction.atomic():
        record("doors.mail_confirmation", actor=actor, kind="user", ref=user.pk)
