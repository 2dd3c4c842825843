"""A shop's own causes with what was found of them, and the finer cause of a verdict's main one beside it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

PERSON = settings.AUTH_USER_MODEL
CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT
AT_ONCE = 20_000
FINER = {
    "sqlite": """(SELECT json_extract(each.value, '$.sub') FROM json_each(triage_verdict.causes) AS each
                  WHERE json_extract(each.value, '$.code') = triage_verdict."primary" LIMIT 1)""",
    "postgresql": """(SELECT each ->> 'sub' FROM jsonb_array_elements(triage_verdict.causes) AS each
                      WHERE each ->> 'code' = triage_verdict."primary" LIMIT 1)""",
}
FILL = """UPDATE triage_verdict SET sub = COALESCE({finer}, '') WHERE id >= %s AND id < %s AND "primary" <> ''"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    sql = FILL.format(finer=FINER[schema_editor.connection.vendor])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM triage_verdict")
        last = cursor.fetchone()[0] or 0
        for first in range(0, last + 1, AT_ONCE):
            cursor.execute(sql, [first, first + AT_ONCE])


class Migration(migrations.Migration):

    dependencies = [
        ("stores", "0002_invitations"),
        ("triage", "0006_waiting"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.AddField("verdict", "sub", models.CharField(
            max_length=60, default="", blank=True, help_text="the finer cause of the primary one")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "sub", "-said_on", "-review"], name="verdict_by_sub",
            condition=Q(current=True, follow_up=None))),
        migrations.CreateModel("OwnCause", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=40)),
            ("words", models.JSONField(default=list)),
            ("examples", models.JSONField(default=list)),
            ("counters", models.JSONField(
                default=list, help_text="sentences that only look as if they were about it")),
            ("version", models.PositiveIntegerField(default=1)),
            ("made_at", models.DateTimeField()),
            ("changed_at", models.DateTimeField()),
            ("retired_at", models.DateTimeField(null=True)),
            ("asked_version", models.PositiveIntegerField(default=0)),
            ("asked_at", models.DateTimeField(null=True)),
            ("upto", models.BigIntegerField(default=0)),
            ("after", models.BigIntegerField(default=0)),
            ("looked", models.PositiveIntegerField(default=0)),
            ("done_at", models.DateTimeField(null=True)),
            ("made_by", models.ForeignKey(to=PERSON, on_delete=PROTECT, related_name="+")),
            ("store", models.ForeignKey(to="stores.store", on_delete=CASCADE, related_name="own_causes")),
        ], options={
            "indexes": [models.Index(fields=["store", "id"], name="own_cause_by_store")],
            "constraints": [models.UniqueConstraint(
                fields=["store", "name"], condition=Q(retired_at=None), name="own_cause_name_once")],
        }),
        migrations.CreateModel("OwnFound", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("said_on", models.DateField(null=True, help_text="of the review: lists are read here")),
            ("text_digest", models.CharField(max_length=64)),
            ("version", models.PositiveIntegerField(help_text="of the recipe that found it")),
            ("evidence", models.JSONField(default=list, help_text="code points, end exclusive")),
            ("like", models.FloatField(help_text="1 for a word, else the likeness to an example")),
            ("by_hand", models.BooleanField(default=False)),
            ("right", models.BooleanField(null=True)),
            ("said_at", models.DateTimeField(null=True)),
            ("found_at", models.DateTimeField()),
            ("cause", models.ForeignKey(to="triage.owncause", on_delete=CASCADE, related_name="found",
                                        db_index=False)),
            ("follow_up", models.ForeignKey(to="reviews.followup", null=True, on_delete=CASCADE, related_name="+")),
            ("review", models.ForeignKey(to="reviews.review", on_delete=CASCADE, related_name="own_found")),
            ("said_by", models.ForeignKey(to=PERSON, null=True, on_delete=PROTECT, related_name="+")),
        ], options={
            "indexes": [models.Index(fields=["cause", "-said_on", "-review"], name="own_found_listed",
                                     condition=Q(right=None) | Q(right=True))],
            "constraints": [models.UniqueConstraint(fields=["cause", "review"], name="own_found_once")],
        }),
    ]
