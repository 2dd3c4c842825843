"""The texts for servers: units, containers, proxies. Read by the programs' own rules, compared with the program."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.config.conftest import ROOT
from tests.config.test_runbook import _parsed, read_by_the_program

DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/opt/wanhui/.venv/bin/wanhui"
LOCKED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "RestrictSUIDSGID": "yes", "CapabilityBoundingSet": "", "UMask": "0077",
    "StateDirectory": "wanhui", "StateDirectoryMode": "0700", "User": "wanhui", "Group": "wanhui",
}  # fmt: skip


def _unit(file: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(file.read_text(encoding="utf-8"))
    return unit


def _compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def test_there_are_three_services_and_a_timer() -> None:
    assert [file.stem for file in SERVICES] == ["wanhui-backup", "wanhui-work", "wanhui"]
    timer = _unit(DEPLOY / "wanhui-backup.timer")
    assert timer["Timer"]["OnCalendar"]
    assert timer["Timer"]["Persistent"] == "true"


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_unit_starts_what_the_command_line_has_and_is_locked_in(file: Path) -> None:
    unit = _unit(file)
    service = dict(unit["Service"])
    started = [shlex.split(service[name]) for name in ("ExecStart", "ExecStartPre") if name in service]
    for words in started:
        assert words[0] == PROGRAM
        _parsed(words[1:])
    assert {name: service.get(name) for name in LOCKED} == LOCKED
    assert service["EnvironmentFile"] == "/etc/wanhui/wanhui.env"
    if file.stem != "wanhui-backup":
        assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_the_backup_may_write_where_it_writes() -> None:
    service = _unit(DEPLOY / "wanhui-backup.service")["Service"]
    assert service["ReadWritePaths"] == shlex.split(service["ExecStart"])[2]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_no_word_that_it_does_not_know() -> None:
    units = [str(file) for file in [*SERVICES, DEPLOY / "wanhui-backup.timer"]]
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False).stderr
    assert [line for line in said.splitlines() if "wanhui" in line and "is not executable" not in line] == []


def test_every_variable_is_one_that_the_program_reads() -> None:
    known = read_by_the_program()
    env = (DEPLOY / "wanhui.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?(WANHUI_\w+)=", env, re.MULTILINE))
    assert len(named) >= 6
    assert named <= known
    desk = _compose()["services"]["web"]["environment"]
    assert {name for name in desk if name.startswith("WANHUI_")} <= known
    for file in DEPLOY.iterdir():
        assert set(re.findall(r"\bWANHUI_[A-Z_]+\b", file.read_text(encoding="utf-8"))) <= known, file.name


def test_the_environment_file_reads_the_same_to_systemd_and_to_a_shell() -> None:
    script = f"set -eu; set -a; . {shlex.quote(str(DEPLOY / 'wanhui.env'))}; env"
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    lines = dict(line.partition("=")[::2] for line in said.splitlines() if line.startswith("WANHUI_"))
    text = (DEPLOY / "wanhui.env").read_text(encoding="utf-8")
    plain = dict(re.findall(r"^(WANHUI_\w+)=\"?([^\"\n]*)\"?$", text, re.MULTILINE))
    assert {name: lines[name] for name in plain} == plain
    assert "127.0.0.1" in plain["WANHUI_HOSTS"].split(",")


def test_the_shell_script_is_one() -> None:
    subprocess.run(["sh", "-n", str(DEPLOY / "wanhui.sh")], check=True)
    assert PROGRAM in (DEPLOY / "wanhui.sh").read_text(encoding="utf-8")


def test_containers_start_what_the_command_line_has() -> None:
    services = _compose()["services"]
    assert set(services) == {"postgres", "prepare", "web", "work"}
    for name in ("prepare", "web", "work"):
        words = services[name]["command"]
        assert words[0] == "wanhui"
        _parsed(words[1:])
    default = re.search(r"^CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert default is not None
    _parsed(yaml.safe_load(default[1])[1:])


def test_containers_wait_for_a_healthy_database_and_keep_their_data() -> None:
    compose = _compose()
    services = compose["services"]
    assert services["prepare"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "work"):
        assert services[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    assert services["postgres"]["healthcheck"]["test"]
    kept = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert kept == set(compose["volumes"])
    assert re.fullmatch(r"postgres:\d+(-\w+)?", services["postgres"]["image"]), "pinned by its tag"
    assert "WANHUI_HOME=/var/lib/wanhui" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert services["web"]["volumes"] == ["desk:/var/lib/wanhui"]


def test_no_password_is_written_down_for_containers() -> None:
    services = _compose()["services"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in services["web"]["environment"]["WANHUI_DATABASE_URL"]


def test_ports_and_limits_agree_everywhere() -> None:
    unit = shlex.split(_unit(DEPLOY / "wanhui.service")["Service"]["ExecStart"])
    port = unit[unit.index("--port") + 1]
    assert unit[unit.index("--host") + 1] == "127.0.0.1"
    web = _compose()["services"]["web"]
    assert web["ports"] == [f"127.0.0.1:{port}:{port}"], "only the proxy of this machine reaches it"
    assert web["command"][web["command"].index("--port") + 1] == port
    assert f"127.0.0.1:{port}/health/" in " ".join(web["healthcheck"]["test"])
    for name in ("Caddyfile", "nginx.conf"):
        assert f"127.0.0.1:{port}" in (DEPLOY / name).read_text(encoding="utf-8")
    from django.conf import settings

    megabytes = [int(many) for name in ("Caddyfile", "nginx.conf")
                 for many in re.findall(r"(?:max_size|client_max_body_size) (\d+)", (DEPLOY / name).read_text())]
    assert len(megabytes) == 2
    assert all(many * 1_000_000 >= settings.WANHUI_MAX_UPLOAD_BYTES for many in megabytes)


def test_the_table_of_files_is_whole() -> None:
    told = set(re.findall(r"`([\w.-]+)`", (DEPLOY / "README.md").read_text(encoding="utf-8")))
    assert {file.name for file in DEPLOY.iterdir()} - {"README.md"} <= told
