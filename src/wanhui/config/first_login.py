"""The first login of an installation: a random password, kept in a file that only its owner can read.

The file is for the shopkeeper who closed the window before writing the password down. It goes away as soon as it is no
longer true, which is when the person has chosen a password of their own.
"""

import os
import secrets
from pathlib import Path

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.config.home import home

NAME = "mei"
SHOWN_NAME = "梅"
_BYTES = 12


def ensure(folder: Path | None = None) -> str:
    """One line that says how to sign in, in Chinese and English; makes the login when nobody could sign in yet.

    The password is told only by the call that made it; later calls name the file, or nothing once it was changed.
    """
    file = (folder or home()) / "first-login.txt"
    if not any(person.has_usable_password() for person in User.objects.filter(is_active=True).only("password")):
        password = _make(file)
        return f"登录 Login: {NAME}   密码 Password: {password}   (已存入 kept in {file})"
    person, password = _kept(file)
    if person is None:
        return "用您自己的用户名和密码登录。 Sign in with your own name and password."
    if not person.check_password(password):
        file.unlink()
        return f"登录 Login: {person.username}   (您自己设的密码 the password you chose)"
    return f"登录 Login: {person.username}   密码在 Password in {file}"


def _make(file: Path) -> str:
    """The first person's password; the demo world may have brought that person along without one."""
    known = User.objects.filter(username=NAME).first()
    if known is not None:
        password = accounts.reset_password(known, actor=None)
        _keep(file, password)
        return password
    password = secrets.token_urlsafe(_BYTES)
    # The file first: a crash between the two leaves a password for nobody, not a person nobody can sign in as.
    _keep(file, password)
    accounts.make_person(NAME, SHOWN_NAME, actor=None, password=password)
    return password


def _keep(file: Path, password: str) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(f"{NAME}\n{password}\n")


def _kept(file: Path) -> tuple[User | None, str]:
    if not file.is_file():
        return None, ""
    username, _, password = file.read_text(encoding="utf-8").partition("\n")
    return User.objects.filter(username=username.strip()).first(), password.strip()
