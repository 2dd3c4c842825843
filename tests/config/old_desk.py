"""Makes a desk as the first released version made it: every room at its first migration, with some rows.

    python -m tests.config.old_desk

Tables that came later are not there, nor are columns: rows are written through the models of that time.
"""

import json
from datetime import UTC, datetime
from typing import Any

import django

# The rooms of the first release, and what it took from others.
FIRST = ["accounts", "audit", "cases", "connectors", "customers", "replies", "reviews", "stores", "triage", "work"]
OTHERS = {"auth", "axes", "contenttypes"}
THEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def main() -> None:
    """Answers with the rows of each table."""
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    targets = [(app, "0001_first") for app in FIRST]
    targets += [node for node in executor.loader.graph.leaf_nodes() if node[0] in OTHERS]
    executor.migrate(targets)
    # It kept its sessions with Django's own app, which this version has no more.
    executor.recorder.record_applied("sessions", "0001_initial")
    apps = executor.loader.project_state(targets).apps
    print(json.dumps(plant(apps)))


def plant(apps: Any) -> dict[str, int]:
    """A shop with twenty reviews, half of them bad and with a case, as the first version stored them."""
    made: dict[str, int] = {}

    def create(label: str, **values: Any) -> Any:
        made[label] = made.get(label, 0) + 1
        return apps.get_model(label)._base_manager.create(**values)

    mei = create("accounts.User", username="mei", display_name="梅", password="!", is_active=True, date_joined=THEN)
    store = create("stores.Store", name="旧日布铺", platform="taobao", kind="real", created_at=THEN)
    create("stores.Membership", store=store, user=mei, role="owner")
    for number in range(20):
        bad = number % 2 == 0
        review = create(
            "reviews.Review", store=store, text=f"第{number}条：袖口开线了", raw="", stars=1 if bad else 5,
            said_on=THEN.date(), said_at=THEN, precision="second", seen_at=THEN, fingerprint=f"old-{number}",
            text_digest=f"{number}",
        )  # fmt: skip
        create(
            "triage.Verdict", review=review, engine="linear-2026-11", made_at=THEN, text_digest=f"{number}",
            language="zh-Hans", sentiment="negative" if bad else "positive", primary="quality" if bad else "",
            severity=3, bad=bad, middling=False,
            causes=[{"code": "quality", "sub": None, "score": 0.9, "evidence": []}] if bad else [],
        )  # fmt: skip
        if bad:
            case = create("cases.Case", store=store, opened_at=THEN, seen_at=THEN, severity=3, primary="quality")
            create("cases.CaseReview", case=case, review=review)
        create("audit.Entry", verb="reviews.type_in", kind="review", ref=str(review.pk), at=THEN, actor=mei)
    create("work.Step", kind="verdicts.given", ref="old", ids=[], due_at=THEN, noted_at=THEN, state="done")
    return made


if __name__ == "__main__":
    main()
