"""Backups while the desk goes on, and what a restore makes of them."""

import hashlib
import json
import os
import stat
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.config.conftest import COUNTS, Desk, NewDesk, open_store

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.xdist_group("processes")]

ROWS = 24_000  # some seconds of writing: several reads of another process fall into them
# Figures of one moment must fit each other, whenever it was.
ONE_MOMENT = """
from pathlib import Path
from django.conf import settings
from wanhui.cases.models import Case, CaseReview
from wanhui.connectors.models import Import
from wanhui.reviews.models import Review
from wanhui.triage.models import Verdict
wrong = []
for one in Import.objects.all():
    if one.done_rows != one.new + one.edited + one.duplicate + one.refused:
        wrong.append(f"import {one.pk}: its rows do not add up")
    if not one.dry_run and Review.objects.filter(source=one).count() != one.new:
        wrong.append(f"import {one.pk}: {one.new} new, {Review.objects.filter(source=one).count()} stored")
    if one.state in ("checking", "confirmed", "running") and not (Path(settings.MEDIA_ROOT) / one.stored_as).exists():
        wrong.append(f"import {one.pk}: its file is not there")
wrong += [f"case {c.pk} without a review" for c in Case.objects.exclude(pk__in=CaseReview.objects.values("case"))]
wrong += [f"verdict {v.pk} without a review" for v in Verdict.objects.exclude(review__in=Review.objects.all())]
running = Import.objects.filter(state="running").first()
answer = {"wrong": wrong, "reviews": Review.objects.count(), "halfway": running is not None,
          "done": running.done_rows if running else 0}
"""
DRAIN = """
from wanhui.pipeline.advance import drain
from wanhui.connectors.models import Import
from wanhui.reviews.models import Review
drain()
answer = {"state": Import.objects.latest("pk").state, "reviews": Review.objects.count()}
"""


def _big_file(folder: Path) -> Path:
    file = folder / "大促.csv"
    days = [f"2026-03-{n % 28 + 1:02d} 10:00:{n % 60:02d}" for n in range(ROWS)]
    lines = [f"订单{n}的裤子洗了{n}次就起球,{n % 5 + 1},{day},买家{n}" for n, day in enumerate(days)]
    file.write_text("评价内容,评价星级,评价时间,买家昵称\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_backups_taken_while_an_import_runs_are_each_of_one_moment(
    shop: Desk, new_desk: NewDesk, tmp_path: Path
) -> None:
    """Restored elsewhere, the half-done import goes on from there and loses nothing."""
    before = shop.ask(ONE_MOMENT)["reviews"]
    writer = shop.start("import", str(_big_file(tmp_path)), "--store", "安心布铺", "--no-judge")
    until = time.monotonic() + 120
    while not shop.ask(ONE_MOMENT)["halfway"] and writer.poll() is None:
        assert time.monotonic() < until
    taken = []
    while writer.poll() is None and len(taken) < 2:
        taken.append(tmp_path / f"{len(taken)}.zip")
        shop.run("backup", str(taken[-1]))
    said, _ = writer.communicate(timeout=100)
    assert writer.returncode == 0, said
    halfway = 0
    for number, file in enumerate(taken):
        copy = new_desk(f"copy-{number}", prepare=False)
        copy.run("restore", str(file))
        seen = copy.ask(ONE_MOMENT)
        assert seen["wrong"] == []
        if seen["halfway"]:
            halfway += 1
            assert seen["reviews"] == before + seen["done"]
            time.sleep(1.1)  # until the lease of the writer, which does not exist here, is over
            after = copy.ask(DRAIN, WANHUI_STEP_LEASE_SECONDS="1")
            if after["state"] == "done":
                assert after["reviews"] == before + ROWS
    assert halfway, "no backup was taken in the middle of the import"


def test_a_half_done_import_goes_on_in_the_restored_desk(shop: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    before = shop.ask(ONE_MOMENT)["reviews"]
    writer = shop.start(
        "import", str(_big_file(tmp_path)), "--store", "安心布铺", "--no-judge", WANHUI_STEP_LEASE_SECONDS="1"
    )
    until = time.monotonic() + 120
    while not (seen := shop.ask(ONE_MOMENT))["halfway"] or not seen["done"]:
        assert time.monotonic() < until
        assert writer.poll() is None
    writer.kill()
    writer.communicate(timeout=20)
    shop.run("backup", str(tmp_path / "b.zip"))
    copy = new_desk("copy", prepare=False)
    copy.run("restore", str(tmp_path / "b.zip"))
    assert 0 < copy.ask(ONE_MOMENT)["done"] < ROWS
    time.sleep(1.5)
    assert copy.ask(DRAIN) == {"state": "done", "reviews": before + ROWS}


def test_what_was_restored_is_what_was_there_files_included(shop: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    picture = shop.home / "files" / "screenshots" / "a.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"\x89PNG picture")
    said = shop.run("backup", str(tmp_path / "b.zip"))
    assert "1 files" in said.out
    assert "secret key is not in it" in said.out
    copy = new_desk("copy", prepare=False)
    told = copy.run("restore", str(tmp_path / "b.zip")).out
    assert copy.ask(COUNTS) == shop.ask(COUNTS)
    assert (copy.home / "files" / "screenshots" / "a.png").read_bytes() == b"\x89PNG picture"
    assert "keeps its own" in told
    rows = [line.split() for line in told.splitlines() if line.startswith("reviews_review ")]
    assert rows[0][1] == rows[0][2] != "0"
    copy.run("prepare")
    copy.ask(open_store("新店", "pdd"))


def test_the_key_travels_only_when_asked(shop: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    shop.run("backup", str(tmp_path / "plain.zip"))
    assert "secret.key" not in zipfile.ZipFile(tmp_path / "plain.zip").namelist()
    shop.run("backup", str(tmp_path / "keyed.zip"), "--with-key")
    assert stat.S_IMODE((tmp_path / "keyed.zip").stat().st_mode) == 0o600
    copy = new_desk("copy", prepare=False)
    assert "key is in place" in copy.run("restore", str(tmp_path / "keyed.zip")).out
    key = copy.home / "secret.key"
    assert key.read_text() == (shop.home / "secret.key").read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_backup_is_never_written_over_unless_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("mine")
    assert "--force" in desk.run("backup", str(tmp_path / "b.zip"), code=2).err
    assert (tmp_path / "b.zip").read_text() == "mine"
    desk.run("backup", str(tmp_path / "b.zip"), "--force")
    assert zipfile.is_zipfile(tmp_path / "b.zip")
    assert "cannot be written" in desk.run("backup", str(tmp_path / "no" / "b.zip"), code=1).err


def test_a_folder_keeps_the_newest_and_nothing_that_is_not_ours_goes(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "nightly"
    folder.mkdir()
    (folder / "notes.zip").write_text("not ours")
    for day in ("20260101-030000", "20260102-030000", "20260103-030000"):
        (folder / f"wanhui-{day}.zip").write_text("old")
    said = desk.run("backup", str(folder), "--keep", "2")
    left = sorted(file.name for file in folder.iterdir())
    assert left[:2] == ["notes.zip", "wanhui-20260103-030000.zip"]
    assert len(left) == 3
    assert said.out.count("Removed ") == 2


def test_a_folder_to_keep_backups_in_is_made_when_it_is_not_there(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "off" / "backups"
    desk.run("backup", f"{folder}/", "--keep", "14")
    assert [file.suffix for file in folder.iterdir()] == [".zip"]
    assert folder.stat().st_mode & 0o077 == 0
    (tmp_path / "note").write_text("a file")
    assert "--keep needs a folder" in desk.run("backup", str(tmp_path / "note"), "--keep", "2", "--force", code=2).err


def test_a_killed_backup_leaves_no_backup(shop: Desk, tmp_path: Path) -> None:
    process = shop.start("backup", str(tmp_path / "b.zip"))
    until = time.monotonic() + 120
    while not list(tmp_path.glob(".b.zip.*")) and process.poll() is None:
        assert time.monotonic() < until
    process.kill()
    process.communicate(timeout=20)
    killed = process.returncode != 0
    assert (tmp_path / "b.zip").exists() != killed
    shop.run("backup", str(tmp_path / "again.zip"))


def test_a_desk_with_stores_is_replaced_only_when_said_and_kept_beside(shop: Desk, tmp_path: Path) -> None:
    shop.run("backup", str(tmp_path / "b.zip"))
    then = shop.ask(COUNTS)
    shop.ask(open_store("后来的店", "jd"))
    extra = shop.home / "files" / "later.png"
    extra.parent.mkdir(exist_ok=True)
    extra.write_bytes(b"later")
    later = shop.ask(COUNTS)
    assert later["stores_store"] == then["stores_store"] + 1
    assert "--replace" in shop.run("restore", str(tmp_path / "b.zip"), code=2).err
    assert shop.ask(COUNTS) == later
    said = shop.run("restore", str(tmp_path / "b.zip"), "--replace").out
    assert shop.ask(COUNTS) == then
    assert "The old data is kept" in said
    kept = next(shop.home.glob("replaced_*"))
    assert (kept / "files" / "later.png").read_bytes() == b"later"
    assert not extra.exists()
    if shop.url is None:
        old = Desk(tmp_path / "old", None)
        old.home.mkdir()
        os.replace(kept / "desk.sqlite3", old.home / "desk.sqlite3")
        assert old.ask(COUNTS) == later


def test_nothing_is_restored_while_the_desk_runs(shop: Desk, tmp_path: Path) -> None:
    shop.run("backup", str(tmp_path / "b.zip"))
    worker = shop.start("work")
    try:
        until = time.monotonic() + 120
        while "The desk is running" not in (said := _restore(shop, tmp_path / "b.zip")):
            assert time.monotonic() < until, said
        assert "Stop it first" in said
    finally:
        worker.terminate()
        worker.communicate(timeout=60)


def _restore(desk: Desk, file: Path) -> str:
    """What a restore without --replace says while it has not yet seen the worker, or has."""
    return desk.run("restore", str(file), code=2).err


def _again(source: Path, target: Path, change: "dict[str, bytes | None]") -> Path:
    """The same archive with some members changed or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name in set(change) - set(old.namelist()):
            new.writestr(name, change[name] or b"")
    return target


def test_damaged_and_foreign_archives_are_refused_and_change_nothing(shop: Desk, tmp_path: Path) -> None:
    good = tmp_path / "b.zip"
    shop.run("backup", str(good))
    manifest = json.loads(zipfile.ZipFile(good).read("manifest.json"))
    before = shop.ask(COUNTS)
    evil = "files/../../evil.txt"
    sneaking = {**manifest, "members": manifest["members"] | {evil: hashlib.sha256(b"x").hexdigest()}}
    newer = {**manifest, "migrations": [*manifest["migrations"], ["cases", "0999_future"]]}
    (tmp_path / "half.zip").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    (tmp_path / "text.zip").write_text("hello")
    cases = {
        tmp_path / "half.zip": "is no backup of Wanhui",
        tmp_path / "text.zip": "is no backup of Wanhui",
        tmp_path / "none.zip": "There is no file",
        _again(good, tmp_path / "changed.zip", {"tables/stores_store.ndjson": b"[]\n"}): "has changed since",
        _again(good, tmp_path / "less.zip", {"tables/stores_store.ndjson": None}): "not those that its manifest names",
        _again(good, tmp_path / "bare.zip", {"manifest.json": None}): "its manifest cannot be read",
        _again(good, tmp_path / "sneak.zip", {"manifest.json": json.dumps(sneaking).encode(), evil: b"x"}): "no place",
        _again(good, tmp_path / "newer.zip", {"manifest.json": json.dumps(newer).encode()}): "newer version of Wanhui",
        _again(good, tmp_path / "format.zip", {"manifest.json": json.dumps(manifest | {"format": 9}).encode()}):
            "newer than this program",
    }  # fmt: skip
    for file, words in cases.items():
        code = 2 if words == "There is no file" else 1
        assert words in shop.run("restore", str(file), "--replace", code=code).err, file.name
    assert shop.ask(COUNTS) == before
    assert not (tmp_path / "evil.txt").exists()
    assert list(shop.home.glob("replaced_*")) == []


def test_a_restore_killed_half_way_leaves_the_old_desk(shop: Desk, tmp_path: Path) -> None:
    shop.run("backup", str(tmp_path / "b.zip"))
    before = shop.ask(COUNTS)
    for wait in (0.6, 1.2, 1.8):
        process = shop.start("restore", str(tmp_path / "b.zip"), "--replace")
        try:
            process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=20)
        assert shop.ask(COUNTS) == before
    shop.run("restore", str(tmp_path / "b.zip"), "--replace")
    assert shop.ask(COUNTS) == before
