"""Indexes for lists by product and for order numbers typed whole; and what was stored before this version is brought
into the search, newest first, by the worker."""

from datetime import UTC, datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EVERY_KIND = (5, 3, 2, 4, 1)  # product, case, reply, customer, review


def bring_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if not apps.get_model("reviews", "Review").objects.exists():
        return
    now = datetime.now(UTC)
    step = apps.get_model("work", "Step")
    step.objects.bulk_create([
        step(kind="search.fill", ref=f"upgrade/{kind}/top", ids=[kind, 2**62], due_at=now, noted_at=now)
        for kind in EVERY_KIND
    ], ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [("reviews", "0001_first"), ("work", "0001_first"), ("search", "0002_tokens")]

    operations = [
        migrations.AddIndex("review", models.Index(fields=["product", "-said_on", "-id"], name="review_by_product")),
        migrations.AddIndex("review", models.Index(
            fields=["order_number", "store"], name="review_by_order", condition=~models.Q(order_number=""))),
        migrations.RunPython(bring_in, migrations.RunPython.noop),
    ]
