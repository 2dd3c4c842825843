"""A SIGKILL between any two statements loses no step and doubles no effect."""

import pytest

from tests.processes.conftest import Installation

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("processes")]

SHORT_LEASE = {"WANHUI_STEP_LEASE_SECONDS": "0.3"}


def test_a_worker_killed_at_any_point_of_a_chain_loses_no_step(installation: Installation) -> None:
    told = installation.drive("kill", "chain", within=240, **SHORT_LEASE)
    assert told["expected"]["steps"] == {"done": 4}
    assert told["expected"]["effects"] == {f"test.{kind} {ref}": 1 for kind in ("first", "second") for ref in "ab"}
    assert told["wrong"] == {}
    assert told["points"] >= 20, "the fuse was never lit"
