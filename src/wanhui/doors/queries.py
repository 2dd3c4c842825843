"""Reading who is signed in where, and how well their door is locked."""

from base64 import b32encode
from collections.abc import Iterable

from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from wanhui.accounts.models import User
from wanhui.doors.models import Visit
from wanhui.doors.rules import in_fours, plain_code
from wanhui.kit import clock
from wanhui.work.models import Step


def visits_of(user: User) -> QuerySet[Visit]:
    """Where this person is signed in, the one used last first."""
    return Visit.objects.filter(person=user, expire_date__gt=clock.now()).order_by("-last_seen", "pk")


def has_second_factor(user: User) -> bool:
    """Whether this person is asked for a code at the door."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def with_second_factor(user_ids: Iterable[int]) -> set[int]:
    """Those of these people who are asked for a code at the door."""
    found = TOTPDevice.objects.filter(user_id__in=list(user_ids), confirmed=True)
    return set(found.values_list("user_id", flat=True))


def codes_left(user: User) -> int:
    """How many recovery codes this person has not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


def letter_failed(user: User) -> bool:
    """Whether the newest letter to the address that this person wants to use was given up."""
    newest = Step.objects.filter(kind="address.wanted", ref__startswith=f"{user.pk}:").order_by("-pk").first()
    return newest is not None and newest.state == Step.State.FAILED


def unconfirmed(user: User) -> TOTPDevice | None:
    """The key a person is setting up right now, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).order_by("-pk").first()


def key_words(device: TOTPDevice) -> str:
    """A key for typing it into an app by hand: base32 in groups of four."""
    return in_fours(b32encode(device.bin_key).decode())


def code_mark(code: str) -> str:
    """What is kept of a recovery code: 64 bits of an HMAC, worth nothing without the installation's secret key."""
    return salted_hmac("wanhui.doors.recovery", plain_code(code), algorithm="sha256").hexdigest()[:16]


def reset_path(user: User) -> str:
    """The path at which this person can choose a new password, once, for one day."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("doors:new_password", args=[uid, default_token_generator.make_token(user)])


def person_of_path(uid: str) -> User | None:
    """Whom the first part of such a path means; None for nonsense. The second part says whether it is true."""
    try:
        pk = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    return User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**63 else None
