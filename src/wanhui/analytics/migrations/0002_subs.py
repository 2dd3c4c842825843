"""Bad reviews by day and finer cause; what is stored already is counted by the first worker that comes along."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def mark_everything(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    now = timezone.now()
    stores = apps.get_model("stores", "Store").objects.values_list("pk", flat=True)
    stale = apps.get_model("work", "Stale")
    stale.objects.bulk_create([stale(store_ref=store, days=[], at=now) for store in stores])


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0001_rollups"),
        ("stores", "0002_invitations"),
        ("triage", "0007_own_causes"),
        ("work", "0004_stale"),
    ]

    operations = [
        migrations.CreateModel("SubDay", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("day", models.DateField()),
            ("sub", models.CharField(max_length=60)),
            ("bad", models.PositiveIntegerField()),
            ("store", models.ForeignKey(to="stores.store", on_delete=django.db.models.deletion.CASCADE,
                                        related_name="+", db_index=False)),
        ], options={
            "constraints": [models.UniqueConstraint(fields=["store", "day", "sub"], name="sub_day_once")],
        }),
        migrations.RunPython(mark_everything, migrations.RunPython.noop),
    ]
