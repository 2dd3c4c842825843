"""Every hostile file through three doors: no crash, no hang, flat memory, a sentence each, nothing half written."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.hostile.build import all_cases
from tests.hostile.case import Case, content
from tests.safety.pages import Page, text
from tests.safety.test_uploads import kept_files, refused, upload
from wanhui.connectors.models import Import

pytestmark = pytest.mark.xdist_group("hostile")  # one process answers for all of them
CASES = all_cases()
ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 400  # MB more than before


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """What readers and command line said to every case, in a process of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    run = subprocess.run(
        [sys.executable, "-m", "tests.hostile.door", str(folder)],
        cwd=ROOT, env=os.environ | {"RUST_BACKTRACE": "0"}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    found = {(one["case"], one["door"]): one for one in map(json.loads, run.stdout.splitlines())}
    assert run.returncode == 0, f"the process died after {list(found)[-1:]}: {run.stderr[-600:]}"
    return found


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


def test_every_case_has_a_name_of_its_own() -> None:
    assert [label for label, count in Counter(case.label for case in CASES).items() if count > 1] == []
    assert len(CASES) > 120


@pytest.mark.parametrize("door", ["readers", "command"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_a_hostile_file_gets_a_sentence_or_is_read(
    case: Case, door: str, answers: dict[tuple[str, str], dict[str, Any]]
) -> None:
    answer = answers[case.label, door]
    assert answer["wrong"] == ""
    assert answer["grown"] < MOST_MEMORY
    if answer["said"]:
        assert re.search(case.says, answer["said"]) if case.says else not answer["said"]
        assert "Traceback" not in answer["said"]
        assert answer["said"].strip().count("\n") == 0
        assert answer["said"].rstrip().endswith((".", "?"))
    else:
        assert answer["rows"] == case.rows > 0


@pytest.mark.parametrize("case", [case for case in CASES if case.page], ids=lambda case: case.label)
def test_the_upload_page_says_the_same_and_keeps_nothing_of_a_refused_file(
    case: Case, as_mei: Client, people: Cast, settings: LazySettings
) -> None:
    response = upload(as_mei, people, content(case), case.name)
    if response.status_code == 303:
        assert case.rows > 0
        shown = as_mei.get(response.headers["Location"])
        assert shown.status_code == 200
        assert Page(text(shown)).wrong == []
        return
    assert re.search(case.says or "^$", refused(response)), refused(response)
    assert not Import.objects.exists()
    assert kept_files(settings) == []


NAMES = {
    "turned round": "评价\u202excod.csv",
    "three hundred characters": "长" * 296 + ".csv",
    "emoji": "😡👎🏽.csv",
    "control characters": "评价\x1b[2J\x07\x00.csv",
    "upwards": "../../../etc/cron.d/evil.csv",
    "absolute": "/etc/evil.csv",
    "Windows": "C:\\Windows\\System32\\CON.csv",
    "device": "NUL.csv",
    "only an ending": ".csv",
    "markup": "<img src=x onerror=alert(1)>.csv",
    "template": "{{ settings.SECRET_KEY }}.csv",
    "isolates": "\u2066\u2069\u200f\u061c评价.csv",
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_hostile_name_is_only_words_and_leads_nowhere(
    kind: str, as_mei: Client, people: Cast, settings: LazySettings
) -> None:
    response = upload(as_mei, people, "评价内容,星级\n袖口开线,1\n".encode(), NAMES[kind])
    assert response.status_code == 303, refused(response)
    source = Import.objects.get()
    assert source.file_name.isprintable()
    assert not set("/\\\u202e\u2066") & set(source.file_name)
    assert len(source.file_name) <= 255
    assert [path.parent for path in kept_files(settings)] == [Path(settings.MEDIA_ROOT) / "imports"]
    shown = text(as_mei.get(response.headers["Location"]))
    assert Page(shown).wrong == []
    assert source.file_name in Page(shown).words
