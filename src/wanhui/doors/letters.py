"""Letters: an outbound door. They are written here and handed in by steps only, never inside a request."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage


def mail_works() -> bool:
    """Whether this installation can send mail (`WANHUI_EMAIL_URL` is set)."""
    return bool(settings.WANHUI_MAIL)


def absolute(path: str) -> str:
    """A path of the desk as an address that works in a letter: below `WANHUI_URL`."""
    return urljoin(settings.WANHUI_URL.rstrip("/") + "/", path.lstrip("/"))


def send(to: str, subject: str, body: str) -> None:
    """Hand one plain letter in. Errors of the mail server come out as they are: the step is tried again later."""
    # A name in a subject may hold a line break; a header may not.
    EmailMessage(" ".join(subject.split()), body, to=[to]).send()
