"""The commands `wanhui lint` and `wanhui reply`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from wanhui.cli import app


def run(*words: str, said: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=said)


def test_a_violation_is_printed_as_json_and_ends_with_one(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_text("麻烦改一下评价，退您5元", encoding="utf-8")
    result = run("lint", str(file), "--platform", "taobao", "--channel", "public", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["clean"] is False
    assert {"rule", "severity", "start", "end", "message", "source"} == set(found["findings"][0])


def test_a_decent_reply_on_standard_input_ends_with_zero() -> None:
    result = run("lint", "-", "--platform", "jd", "--format", "json", said="您好，杯子碎了，请联系站内客服。")
    assert (result.exit_code, json.loads(result.stdout)["clean"]) == (0, True)


def test_messages_come_in_the_language_asked_for() -> None:
    result = run("lint", "-", "--platform", "taobao", "--language", "de", said="麻烦改一下评价")
    assert "Plattform" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lint", "-", "--platform", "nowhere"), "no platform"),
        (("lint", "-", "--platform", "taobao", "--language", "fr"), "no language"),
        (("lint", "/no/such/file", "--platform", "taobao"), "cannot be read"),
        (("lint", "-", "--platform", "taobao", "--channel", "carrier pigeon"), "carrier pigeon"),
        (("reply", "-", "--platform", "taobao", "--style", "sharp"), "never offered"),
    ],
)
def test_wrong_use_ends_with_two_and_a_plain_sentence(words: tuple[str, ...], said: str) -> None:
    result = run(*words, said="您好")
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_bytes("好评返现".encode("gb18030"))
    result = run("lint", str(file), "--platform", "taobao")
    assert (result.exit_code, "UTF-8" in result.output) == (2, True)


def test_an_enormous_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_bytes(b"a" * 2_000_001)
    assert run("lint", str(file), "--platform", "taobao").exit_code == 2


def test_a_review_gets_drafts_as_json() -> None:
    result = run("reply", "-", "--platform", "taobao", "--format", "json", said="快递太慢了，等了九天，杯子也摔裂了")
    assert result.exit_code == 0
    drafts = json.loads(result.stdout)["drafts"]
    assert len(drafts) >= 2
    assert {"style", "text", "causes", "lint"} <= set(drafts[0])


def test_one_style_can_be_chosen() -> None:
    result = run("reply", "-", "--platform", "jd", "--style", "friend", "--format", "json", said="快递太慢了")
    assert [one["style"] for one in json.loads(result.stdout)["drafts"]] == ["friend"]


def test_otto_gives_no_drafts_and_says_why() -> None:
    result = run("reply", "-", "--platform", "otto", "--format", "json", said="Die Lieferung kam viel zu spät.")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["drafts"]) == (0, [])
    assert "OTTO" in found["reason"]
