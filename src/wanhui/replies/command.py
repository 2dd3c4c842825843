"""`wanhui lint` and `wanhui reply`: check a reply, or draft one, without any database."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from wanhui.replies.drafting import Draft
    from wanhui.replies.findings import LintResult

DONE, FOUND_WRONG, WRONG_USE = 0, 1, 2
LARGEST = 2_000_000


class ChannelChoice(StrEnum):
    """Where the text goes."""

    PUBLIC = "public"
    PRIVATE = "private"


class Format(StrEnum):
    """How the result is printed."""

    TEXT = "text"
    JSON = "json"


File = Annotated[str, typer.Argument(help="A UTF-8 text file; - reads standard input.")]
Platform = Annotated[str, typer.Option(help="taobao, tmall, pdd, jd, douyin, ctrip, otto, google, booking, other …")]


def register(app: typer.Typer) -> None:
    """Adds `lint` and `reply` to the command line."""
    app.command(name="lint")(lint_file)
    app.command()(reply)


def lint_file(
    file: File,
    platform: Platform,
    channel: Annotated[ChannelChoice, typer.Option(help="public reply or private message")] = ChannelChoice.PUBLIC,
    language: Annotated[
        str | None, typer.Option(help="Language of the messages: zh, en, de; that of the text if not given.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="text or json")] = Format.TEXT,
) -> None:
    """Check a reply or message against law, platform rules and privacy. Exit 1 if anything blocks."""
    from wanhui.replies.rules import lint

    _check_platform(platform)
    _check_language(language)
    result = lint(_read(file), platform=platform, channel=channel.value, language=language)
    if output is Format.JSON:
        _print_json(result.to_json())
    else:
        _print_result(result)
    raise typer.Exit(FOUND_WRONG if result.blocked else DONE)


def reply(
    file: File,
    platform: Platform,
    style: Annotated[
        str | None, typer.Option(help="apology, official, friend, plaintive or humorous; all that fit if not given.")
    ] = None,
    channel: Annotated[ChannelChoice, typer.Option(help="public reply or private message")] = ChannelChoice.PUBLIC,
    output: Annotated[Format, typer.Option("--format", help="text or json")] = Format.TEXT,
    seed: Annotated[int, typer.Option(help="Another number gives other words.")] = 0,
) -> None:
    """Draft answers to one review, read as plain text. Nothing is sent; gaps 【…】 are for you to fill."""
    from wanhui.language import judge
    from wanhui.replies.judged import input_from
    from wanhui.replies.rules import draft, why_no_draft

    _check_platform(platform)
    _check_style(style)
    text = _read(file).strip()
    given = input_from(text, judge([text])[0], platform=platform, channel=channel.value, seed=seed)
    drafts = draft(given, styles=[style] if style else None)
    reason = "" if drafts else why_no_draft(given) or f"The style {style} is not offered for this review."
    if output is Format.JSON:
        found = {"drafts": [one.to_json() for one in drafts]}
        _print_json({**found, "reason": reason} if reason else found)
    else:
        _print_drafts(drafts, reason)


def _check_platform(platform: str) -> None:
    from wanhui.playbook.loader import book

    known = book().platforms
    if platform not in known:
        _refuse(f'There is no platform "{platform}". Please use one of: {", ".join(known)}.')


def _check_language(language: str | None) -> None:
    if language is not None and language.lower().replace("_", "-").split("-")[0] not in ("zh", "en", "de"):
        _refuse(f'There is no language "{language}". Please use zh, en or de.')


def _check_style(style: str | None) -> None:
    from wanhui.playbook.loader import book

    if style is not None and style not in book().styles:
        known = ", ".join(book().styles)
        _refuse(f'There is no style "{style}". Please use one of: {known}. A sharp style is never offered.')


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else _read_file(Path(file))
    except OSError as error:
        _refuse(f"{file} cannot be read: {error.strerror or error}.")
    if len(raw) > LARGEST:
        _refuse(f"{file} is larger than 2 MB. A reply or review is a short text: please check the file.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(f"{file} is not UTF-8 text. Please save it as UTF-8 and try again.")


def _read_file(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG_USE)


def _print_json(found: object) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _print_result(result: "LintResult") -> None:
    for finding in result.findings:
        typer.echo(f"{finding.severity:5} {finding.rule} [{finding.start}:{finding.end}] {finding.message}")
    if not result.findings:
        typer.echo("Nothing to object to.")


def _print_drafts(drafts: list["Draft"], reason: str) -> None:
    if reason:
        typer.echo(reason)
    for one in drafts:
        typer.echo(f"[{one.style}] {one.text}")
        if one.warning:
            typer.echo(f"  ! {one.warning}")
        for finding in one.lint.findings:
            typer.echo(f"  {finding.severity} {finding.rule}: {finding.message}")
