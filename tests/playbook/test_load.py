"""The playbook's data: complete, in three languages, and refused with file and key when it is wrong."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from wanhui.language import CAUSES, FLAGS
from wanhui.language.finer import sub_causes
from wanhui.playbook.loader import book, load, name, platform_name
from wanhui.playbook.reading import PlaybookError

PLATFORMS = ["taobao", "tmall", "pdd", "jd", "douyin", "otto", "ctrip", "meituan", "booking", "google"]
PLATFORMS += ["own_shop", "other"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A playbook folder that a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(str(files("wanhui.playbook") / "data"), folder)
    return folder


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_playbook_knows_exactly_the_causes_and_flags_that_triage_speaks_of() -> None:
    assert tuple(book().causes) == CAUSES
    assert tuple(book().flags) == FLAGS


def test_every_cause_belongs_to_a_family_and_has_a_play_and_sub_causes() -> None:
    for cause in book().causes.values():
        assert cause.family in book().families
        assert book().plays[cause.code].kind == "cause"
        assert cause.subs or cause.code == "unspecific"
        assert all(sub.code.startswith(f"{cause.code}.") for sub in cause.subs)


def test_every_flag_has_a_play_and_safety_goes_to_the_owner_within_the_hour() -> None:
    assert all(flag in book().plays for flag in book().flags)
    assert (book().plays["safety"].who, book().plays["safety"].hours) == ("owner", 1)


def test_the_seven_families_of_the_mission_are_there() -> None:
    assert list(book().families)[:7] == [
        "service", "delivery", "product", "dispatch", "aftersales", "malicious", "followup",
    ]  # fmt: skip


def test_names_are_given_in_the_language_asked_for_and_fall_back() -> None:
    assert name("delivery", "zh-Hans") == "快递物流"
    assert name("delivery", "de-AT") == "Lieferung"
    assert name("delivery", "fr") == "Delivery"
    assert name("delivery.slow", "zh_Hans") == "物流慢"
    assert name("delivery.never_heard_of", "en") == "Delivery"
    assert name("never_heard_of", "en") == "never_heard_of"
    assert platform_name("pdd", "zh") == "拼多多"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_we_promise_has_a_rule_pack(platform: str) -> None:
    assert book().platforms[platform].id == platform


def test_what_nobody_confirmed_is_unknown_and_carries_no_value() -> None:
    for pack in book().platforms.values():
        for ruling in (pack.reply_path, pack.window, pack.max_length, pack.ask_change, pack.private):
            assert ruling.known == (ruling.strength != "unverified")
            assert ruling.known or ruling.value is None


def test_every_official_or_secondary_value_names_its_source_and_day() -> None:
    for pack in book().platforms.values():
        for key in type(pack).__dataclass_fields__:
            ruling = getattr(pack, key)
            if getattr(ruling, "strength", "") in ("official", "secondary"):
                assert ruling.source.title
                assert ruling.source.checked_on.year == 2026


def test_there_is_no_sharp_style_and_two_styles_carry_a_warning() -> None:
    assert list(book().styles) == ["friend", "official", "apology", "plaintive", "humorous"]
    assert {code for code, style in book().styles.items() if style.warning} == {"plaintive", "humorous"}
    assert {"safety", "hygiene", "authenticity"} <= book().styles["humorous"].never_for


def test_each_lint_rule_says_what_is_wrong_why_and_by_which_source() -> None:
    assert len(book().lint_rules) >= 45
    for rule in book().lint_rules:
        for language in ("zh", "en", "de"):
            assert rule.message.say(language)
            assert rule.why.say(language)
        assert rule.source


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("causes.toml", 'family = "delivery"', 'family = "moon"', "there is no family “moon”"),
        ("causes.toml", 'zh = "客服", en', 'zh = "", en', "causes.toml, family service, names, key “zh”: is empty"),
        ("plays.toml", 'who = "lead"', 'who = "nobody"', "plays.toml, play service, key “who”"),
        ("plays.toml", "hours = 4", "hours = 0", "must lie between 1 and 168"),
        ("subcauses.toml", '"delivery.slow"', '"moon.slow"', "belongs to no cause"),
        ("platforms/taobao.toml", "closes_on_follow_up = ", "closes_sometimes = ", "closes_sometimes"),
        ("platforms/taobao.toml", 'source = "top"', 'source = "hearsay"', "no source of this file"),
        ("platforms/taobao.toml", "version = 2026-11-21", "version =", "taobao.toml cannot be read"),
        ("lint/money.toml", "<review_act>", "<no_such_list>", "no_such_list"),
        ("lint/money.toml", "<review_act>", "(评价", "is wrong"),
        ("lint/money.toml", "<review_act>", "评.*价", "without an upper bound"),
        ("wording/zh.toml", 'language = "zh"', 'language = "tlh"', "zh.toml, key “language”"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_key(copy: Path, file: str, old: str, new: str, said: str) -> None:
    spoil(copy / file, old, new)
    with pytest.raises(PlaybookError) as refused:
        load(copy)
    assert said in str(refused.value)
    assert Path(file).stem in str(refused.value)


def test_a_code_that_stands_twice_is_refused(copy: Path) -> None:
    spoil(copy / "subcauses.toml", '"delivery.slow"', '"delivery.late"')
    with pytest.raises(PlaybookError, match="stands twice"):
        load(copy)


def test_a_missing_play_is_refused(copy: Path) -> None:
    text = (copy / "plays.toml").read_text(encoding="utf-8")
    start = text.index('[[play]]\ncode = "noise"')
    (copy / "plays.toml").write_text(text[:start] + text[text.index("[[play]]", start + 5) :], encoding="utf-8")
    with pytest.raises(PlaybookError, match="“noise” has no play"):
        load(copy)


def test_every_sub_cause_that_the_text_engine_can_find_has_its_name_and_a_play_that_cures_it() -> None:
    assert set(book().sub_causes) == set(sub_causes())
    assert len(book().sub_causes) >= 40
    assert all(sub.play in book().plays for sub in book().sub_causes.values())


def test_a_sub_cause_whose_play_there_is_not_is_refused(copy: Path) -> None:
    spoil(copy / "subcauses.toml", 'play = "service"', 'play = "magic"')
    with pytest.raises(PlaybookError, match=r"delivery\.rude_courier.*magic"):
        load(copy)
