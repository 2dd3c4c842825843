"""What is well, what will be a problem soon, what is wrong. Pure: facts and `now` come in, points come out."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

State = Literal["ok", "soon", "wrong"]
KEY_LENGTH, KEY_VARIETY = 40, 10
MOST_SILENT_BACKUP, LATE_BACKUP = timedelta(hours=48), timedelta(days=7)
RULES_GOOD_FOR = timedelta(days=180)
STEP_MAY_WAIT = timedelta(minutes=10)
FEWEST_FREE, ROOM_FREE = 200_000_000, 1_000_000_000  # bytes
OLDEST_POSTGRES = 140_000  # 14.0, as Django 5.2 asks
_HERE = {"127.0.0.1", "localhost", "[::1]", "::1"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing looked at: what was found, and what to do about it (empty when there is nothing to do)."""

    name: str
    state: State
    found: str
    todo: str = ""


def key(source: str, length: int, variety: int, mode: int | None) -> Point:
    """The secret key. `source`: where it comes from; `variety`: how many different characters; `mode`: of its file."""
    if length < KEY_LENGTH or variety < KEY_VARIETY:
        return Point(
            "key", "wrong", f"The secret key from {source} is weak ({length} characters, {variety} different ones).",
            "Take WANHUI_SECRET_KEY away, or set at least 40 random characters. Everybody signs in once more.",
        )  # fmt: skip
    if mode is not None and mode & 0o077:
        return Point("key", "wrong", f"Others on this machine can read {source} (mode {mode:o}).",
                     f"Run: chmod 600 {source}")  # fmt: skip
    return Point("key", "ok", f"Strong, from {source}.")


def folder(path: str, mode: int | None) -> Point:
    """The data folder, for its owner only."""
    if mode is not None and mode & 0o077:
        return Point("folder", "soon", f"Others on this machine can look into {path} (mode {mode:o}).",
                     f"Run: chmod 700 {path}")  # fmt: skip
    return Point("folder", "ok", f"{path}, for its owner only." if mode is not None else f"{path}.")


def addresses(hosts: Sequence[str], origins: Sequence[str], *, https: bool, debug: bool) -> Point:
    """Whom the desk answers, and whether what is said on the way can be read by others."""
    if debug:
        return Point("addresses", "wrong", "WANHUI_DEBUG is on: errors show the inside of the desk.",
                     "Take WANHUI_DEBUG away.")  # fmt: skip
    if "*" in hosts:
        return Point("addresses", "wrong", "The desk answers under any name (WANHUI_HOSTS holds *).",
                     "Set WANHUI_HOSTS to the names people use, and 127.0.0.1.")  # fmt: skip
    outside = [host for host in hosts if host not in _HERE]
    plain = [origin for origin in origins if not origin.startswith("https://")]
    if https and plain:
        return Point("addresses", "soon", f"WANHUI_ORIGINS names {plain[0]}, but WANHUI_HTTPS is on.",
                     "Write each origin with https:// in front.")  # fmt: skip
    if not outside:
        return Point("addresses", "ok", "Reached from this machine only.")
    if not _HERE & set(hosts):
        return Point("addresses", "soon", "WANHUI_HOSTS leaves out 127.0.0.1: /health/ answers nobody on this machine.",
                     "Add 127.0.0.1 to WANHUI_HOSTS.")  # fmt: skip
    if not https:
        near = all(_is_near(host) for host in outside)
        return Point(
            "addresses", "soon" if near else "wrong",
            f"Reached as {', '.join(outside)} without https: passwords can be read on the way.",
            "Put a proxy with https in front and set WANHUI_HTTPS=1 (docs/runbook.md, Https).",
        )  # fmt: skip
    return Point("addresses", "ok", f"Reached as {', '.join(outside)} by https.")


def _is_near(host: str) -> bool:
    """A name that leads to a machine in the same house."""
    name = host.strip("[]").lstrip(".")
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return "." not in name or name.endswith((".local", ".lan", ".internal", ".home.arpa"))


@dataclass(frozen=True, slots=True)
class Database:
    """What a database says of itself; what belongs to the other kind stays empty."""

    where: str
    sqlite: bool
    waiting: int
    newer: str
    size: int
    journal: str = ""
    synchronous: int = 2
    damage: str = ""
    version: int = 0
    encoding: str = ""


def database(facts: Database) -> Point:
    """Reachable, whole, in the right mode and of this program's version."""
    size = f"{facts.size / 1_000_000:,.1f} MB"
    if facts.newer:
        return Point("database", "wrong", facts.newer, "Install that version or a later one.")
    if facts.waiting:
        return Point("database", "wrong", f"{facts.where} is not ready for this version ({facts.waiting} steps).",
                     "Stop the desk, run: wanhui prepare")  # fmt: skip
    if not facts.sqlite:
        if facts.encoding != "UTF8":
            return Point("database", "wrong", f"{facts.where} keeps texts as {facts.encoding}.",
                         "Make a database with ENCODING 'UTF8' and move there: wanhui move --to ADDRESS")  # fmt: skip
        shown = f"{facts.where}, server {facts.version // 10_000}, UTF8, {size}."
        if facts.version < OLDEST_POSTGRES:
            return Point("database", "wrong", shown, "PostgreSQL 14 is the oldest that works. Upgrade the server.")
        return Point("database", "ok", shown)
    if facts.damage:
        return Point("database", "wrong", f"{facts.where} is damaged: {facts.damage}.",
                     "Stop the desk and restore the last backup: wanhui restore FILE --replace")  # fmt: skip
    if facts.journal != "wal" or facts.synchronous < 2:
        return Point(
            "database", "wrong",
            f"{facts.where} runs with journal {facts.journal} and synchronous {facts.synchronous}, not WAL and FULL.",
            "Keep the data folder on a disk of this machine: network folders know no WAL.",
        )  # fmt: skip
    return Point("database", "ok", f"{facts.where}, WAL, synchronous FULL, whole, {size}.")


@dataclass(frozen=True, slots=True)
class Beat:
    """A process that left a heartbeat."""

    kind: str
    host: str
    pid: int
    version: str
    seen_at: datetime
    alive: bool


def workers(beats: Sequence[Beat], due: int, version: str, now: datetime) -> Point:
    """Somebody must do the steps. `due`: how many wait for it."""
    alive = [beat for beat in beats if beat.alive and beat.kind == "steps"]
    if not alive:
        last = max((beat.seen_at for beat in beats if beat.kind == "steps"), default=None)
        found = "No worker is running" + (f"; the last was seen {ago(now - last)} ago." if last else ".")
        if due:
            found += f" {due:,} steps wait for one."
        return Point("worker", "wrong" if due else "soon", found, "Start the desk (wanhui serve), or: wanhui work")
    oldest = max(now - beat.seen_at for beat in alive)
    found = f"{len(alive)} running, last seen {ago(oldest)} ago."
    if old := sorted({beat.version for beat in beats if beat.alive} - {version}):
        return Point("worker", "soon", f"{found} Some run version {', '.join(old)}; {version} is installed.",
                     "Start the desk anew.")  # fmt: skip
    return Point("worker", "ok", found)


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that was given up: what it was to do, and the last line of its error."""

    kind: str
    ref: str
    reason: str


def steps(due: int, oldest: datetime | None, failed: int, examples: Sequence[Failed], now: datetime) -> Point:
    """What waits to be done, and what could not be done."""
    if failed:
        told = "; ".join(f"{one.kind} of {one.ref}: {one.reason}" for one in examples)
        return Point("steps", "wrong", f"{failed:,} steps were given up. {told}.",
                     "Once the reason has gone: wanhui retry (docs/runbook.md, A step failed)")  # fmt: skip
    if oldest is not None and now - oldest > STEP_MAY_WAIT:
        return Point("steps", "soon", f"{due:,} steps wait, the oldest for {ago(now - oldest)}.",
                     "Look at the worker; after a large import this passes by itself.")  # fmt: skip
    return Point("steps", "ok", f"{due:,} wait, none was given up.")


def disk(free: int, data: int) -> Point:
    """Room for the data to grow, for a backup and for the copy before an upgrade."""
    found = f"{free / 1e9:,.1f} GB free; the desk takes {data / 1e9:,.2f} GB."
    if free < max(FEWEST_FREE, data):
        return Point("disk", "wrong", found, "Make room: remove old backups and copies (docs/runbook.md, Disk full).")
    if free < max(ROOM_FREE, 3 * data):
        return Point("disk", "soon", found, "Make room before the next upgrade, which copies the database first.")
    return Point("disk", "ok", found)


def model(engines: Mapping[str, Sequence[str]]) -> Point:
    """Engine → its files that are not those of the manifest."""
    damaged = [f"{engine}: {', '.join(names)}" for engine, names in engines.items() if names]
    if damaged or not engines:
        return Point("model", "wrong", f"The text model is damaged ({'; '.join(damaged) or 'there is none'}).",
                     "Install the program again.")  # fmt: skip
    return Point("model", "ok", f"{', '.join(engines)}: every file is as shipped.")


def rules(checked: Mapping[str, date], today: date) -> Point:
    """Platform rules and lint rules change; `checked`: name → the day somebody last compared it with its source."""
    due = sorted((day, name) for name, day in checked.items() if today - day > RULES_GOOD_FOR)
    if due:
        first = ", ".join(f"{name} ({day})" for day, name in due[:8])
        more = f" and {len(due) - 8} more" if len(due) > 8 else ""
        return Point("rules", "soon", f"{len(due)} rules were last checked over 180 days ago: {first}{more}.",
                     "Update the program; until then read the platform's own page before relying on them.")  # fmt: skip
    oldest = min(checked.values(), default=None)
    return Point("rules", "ok", f"{len(checked)} checked, the oldest on {oldest}." if oldest else "None.")


def backup(made_at: datetime | None, where: str, there: bool, stores: int, now: datetime) -> Point:
    """The last backup. `there`: its file is where it was written; `stores`: real ones, which would be lost."""
    if made_at is None:
        if not stores:
            return Point("backup", "ok", "None yet, and no real store to lose.")
        return Point("backup", "wrong", "There has never been a backup.", "Run: wanhui backup FOLDER --keep 14")
    found = f"The last one is {ago(now - made_at)} old: {where}"
    if now - made_at > LATE_BACKUP:
        return Point("backup", "wrong", found + ".", "Run: wanhui backup FOLDER --keep 14")
    if now - made_at > MOST_SILENT_BACKUP:
        return Point("backup", "soon", found + ".", "See why last night's backup did not run.")
    if not there:
        return Point("backup", "soon", found + ", and it is not there any more.", "See that it was moved, not lost.")
    return Point("backup", "ok", found + ".")


def zones(missing: Sequence[str], data: str) -> Point:
    """Time zones that stores need and the machine does not know; `data`: the version of the time zone data."""
    if missing:
        return Point("time zones", "wrong", f"Unknown here: {', '.join(missing)}.", "Install the package tzdata again.")
    return Point("time zones", "ok", f"All known (data {data}).")


def letters(*, set_up: bool, address: str, https: bool) -> Point:
    """Mail: invitations and lost passwords; the links in it begin with `address`."""
    if not set_up:
        return Point("mail", "ok", "Not set up: the owner hands over invitations and new passwords.")
    if https and not address.startswith("https://"):
        return Point("mail", "soon", f"Links in letters begin with {address}.", "Set WANHUI_URL to the https address.")
    return Point("mail", "ok", f"Set up; links begin with {address}.")


def program(version: str, python: tuple[int, int, int], django: tuple[int, int]) -> Point:
    """The versions that run here; the program is tested with Django 5.2 and 6.0."""
    shown = f"Wanhui {version}, Python {'.'.join(map(str, python))}, Django {'.'.join(map(str, django))}."
    if not (5, 2) <= django < (6, 1):
        return Point("program", "soon", shown, "This Django is not one the program was tested with: install it anew.")
    return Point("program", "ok", shown)


def ago(span: timedelta) -> str:
    """A length of time in the largest unit of which there are two: 40 seconds, 66 minutes, 12 days."""
    seconds = max(0, int(span.total_seconds()))
    for size, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}"
    return f"{seconds} seconds"
