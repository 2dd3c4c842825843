"""Finding out: what this installation is, as `points` wants to know it. Nothing is changed."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.db import DatabaseError, connection

from wanhui.config import home
from wanhui.config.checking import points
from wanhui.config.checking.points import Point
from wanhui.config.keeping import alive, places, tables, upgrade
from wanhui.config.keeping.backup import LAST, newer_words
from wanhui.kit import clock
from wanhui.language.engines import MODELS
from wanhui.playbook.loader import book
from wanhui.stores.models import Store
from wanhui.work.models import Heartbeat, Step

_EXAMPLES = 3


def everything() -> Iterator[Point]:
    """Every point, in the order in which a person would ask. What needs the database is left out without it."""
    folder, now = Path(settings.HOME), clock.now()
    yield program()
    yield key(folder)
    yield points.folder(str(folder), _mode(folder))
    yield addresses()
    reached, point = database()
    yield point
    if reached:
        needing: list[Callable[[datetime], Point]] = [workers, steps, zones]
        for look in needing:
            yield look(now)
        yield backup(folder, now)
    yield disk(folder)
    yield points.model(engines(MODELS))
    yield points.rules(checked(), now.date())
    yield points.letters(set_up=settings.WANHUI_MAIL, address=settings.WANHUI_URL, https=settings.HTTPS)


def program() -> Point:
    """The versions."""
    return points.program(home.version(), sys.version_info[:3], django.VERSION[:2])


def key(folder: Path) -> Point:
    """The secret key and who may read it."""
    value, file = str(settings.SECRET_KEY), folder / "secret.key"
    from_file = not os.environ.get("WANHUI_SECRET_KEY")
    source, mode = (str(file), _mode(file)) if from_file else ("WANHUI_SECRET_KEY", None)
    return points.key(source, len(value), len(set(value)), mode)


def _mode(path: Path) -> int | None:
    """Permission bits; None where the system has none."""
    return path.stat().st_mode & 0o777 if os.name == "posix" and path.exists() else None


def addresses() -> Point:
    """Hosts, origins, https."""
    return points.addresses(
        settings.ALLOWED_HOSTS, settings.CSRF_TRUSTED_ORIGINS, https=settings.HTTPS, debug=settings.DEBUG
    )


def database() -> tuple[bool, Point]:
    """Whether further questions can be asked, and what there is to say."""
    mine = places.own()
    try:
        connection.ensure_connection()
        facts = _sqlite(places.shown(mine)) if places.is_sqlite(mine) else _postgres(places.shown(mine))
    except DatabaseError as error:
        said = " ".join(str(error).split())
        return False, Point(
            "database", "wrong", f"{places.shown(mine)} cannot be used: {said}.",
            "Start the database server, or see WANHUI_DATABASE_URL; a damaged file: wanhui restore FILE --replace",
        )  # fmt: skip
    return not (facts.waiting or facts.newer), points.database(facts)


def _newer() -> str:
    unknown = tables.unknown(tables.applied("default"))
    return newer_words("The database", unknown) if unknown else ""


def _sqlite(where: str) -> points.Database:
    return points.Database(
        where, True, upgrade.waiting(), _newer(), int(_asked("PRAGMA page_count")) * int(_asked("PRAGMA page_size")),
        journal=_asked("PRAGMA journal_mode"), synchronous=int(_asked("PRAGMA synchronous")),
        damage="" if (said := _asked("PRAGMA quick_check(1)")) == "ok" else said,
    )  # fmt: skip


def _postgres(where: str) -> points.Database:
    return points.Database(
        where, False, upgrade.waiting(), _newer(), int(_asked("SELECT pg_database_size(current_database())")),
        version=int(_asked("SHOW server_version_num")), encoding=_asked("SHOW server_encoding"),
    )  # fmt: skip


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def workers(now: datetime) -> Point:
    """Who left a heartbeat."""
    running = {one.pk for one in alive.running("default")}
    beats = [
        points.Beat(one.kind, one.host, one.pid, one.version, one.seen_at, one.pk in running)
        for one in Heartbeat.objects.order_by("pk")
    ]
    return points.workers(beats, _due(now), home.version(), now)


def _due(now: datetime) -> int:
    return Step.objects.filter(state=Step.State.WAITING, due_at__lte=now).count()


def steps(now: datetime) -> Point:
    """What waits, what was given up and why."""
    waiting = Step.objects.filter(state=Step.State.WAITING, due_at__lte=now)
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    failed = Step.objects.filter(state=Step.State.FAILED)
    examples = [
        points.Failed(one.kind, one.ref, (one.error.strip().splitlines() or ["no reason was kept"])[-1][:160])
        for one in failed.order_by("-pk")[:_EXAMPLES]
    ]
    return points.steps(waiting.count(), oldest, failed.count(), examples, now)


def zones(now: datetime) -> Point:
    """Every time zone that a store or the desk itself uses."""
    wanted = {settings.TIME_ZONE, *Store.objects.values_list("timezone", flat=True).distinct()}
    missing = []
    for name in sorted(wanted):
        try:
            now.astimezone(ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            missing.append(name)
    return points.zones(missing, metadata.version("tzdata"))


def backup(folder: Path, now: datetime) -> Point:
    """What `wanhui backup` left behind about its last run."""
    real = Store.objects.filter(kind=Store.Kind.REAL).count()
    try:
        said = json.loads((folder / LAST).read_text(encoding="utf-8"))
        made_at, where = datetime.fromisoformat(said["made_at"]).astimezone(UTC), str(said["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return points.backup(None, "", False, real, now)
    return points.backup(made_at, where, Path(where).exists(), real, now)


def disk(folder: Path) -> Point:
    """Free room where the data folder lies, and what it takes."""
    taken = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return points.disk(shutil.disk_usage(folder).free, taken)


def engines(models: Path) -> dict[str, list[str]]:
    """Each text model with those of its files that are missing or not as its manifest says."""
    found: dict[str, list[str]] = {}
    for folder in sorted(path for path in models.iterdir() if path.is_dir() and not path.name.startswith("__")):
        try:
            expected = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"])
        except (OSError, ValueError, KeyError, TypeError):
            found[folder.name] = ["manifest.json"]
            continue
        found[folder.name] = [name for name, digest in expected.items() if _sha256(folder / name) != digest]
    return found


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def checked() -> dict[str, date]:
    """Platform packs by the oldest of their sources, lint rules by their own day."""
    known = book()
    packs = {
        f"platform {pack.id}": min(source.checked_on for source in pack.sources)
        for pack in known.platforms.values()
        if pack.sources
    }
    return packs | {f"lint rule {rule.id}": rule.checked_on for rule in known.lint_rules}
