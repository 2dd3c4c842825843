"""Which verdict a correction is about, causes that bars left out, a store's own bars; checked verdicts are found by
store."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

PERSON = settings.AUTH_USER_MODEL
ABOUT = """
UPDATE triage_verdict SET about_id = (
    SELECT max(older.id) FROM triage_verdict AS older
    WHERE older.review_id = triage_verdict.review_id AND older.id < triage_verdict.id AND older.engine <> 'person'
    AND (older.follow_up_id = triage_verdict.follow_up_id
         OR (older.follow_up_id IS NULL AND triage_verdict.follow_up_id IS NULL))
    AND older.text_digest = triage_verdict.text_digest
) WHERE engine = 'person'
"""


class Migration(migrations.Migration):

    dependencies = [
        ("stores", "0002_invitations"),
        ("triage", "0007_own_causes"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.AddField("verdict", "about", models.ForeignKey(
            to="triage.verdict", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="corrections",
            help_text="of a person's: the engine's verdict it corrects")),
        migrations.AddField("verdict", "near", models.JSONField(
            default=list, help_text="causes that bars left out, with their scores")),
        migrations.AddField("verdict", "bars_version", models.PositiveIntegerField(
            default=0, help_text="of the store's bars; 0: the engine's own")),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-id"], name="verdict_checked",
            condition=Q(by__isnull=False) | Q(checked_by__isnull=False))),
        migrations.CreateModel("StoreBars", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("version", models.PositiveIntegerField()),
            ("engine", models.CharField(max_length=60)),
            ("bars", models.JSONField(
                default=dict, help_text="code of a cause: the score from which it is said")),
            ("checked", models.PositiveIntegerField(
                default=0, help_text="checked verdicts of the engine when it was made")),
            ("made_at", models.DateTimeField()),
            ("by", models.ForeignKey(to=PERSON, on_delete=django.db.models.deletion.PROTECT, related_name="+")),
            ("store", models.ForeignKey(to="stores.store", on_delete=django.db.models.deletion.CASCADE,
                                        related_name="bars")),
        ], options={
            "indexes": [models.Index(fields=["store", "engine", "-version"], name="store_bars_newest")],
            "constraints": [models.UniqueConstraint(fields=["store", "version"], name="store_bars_version_once")],
        }),
        migrations.RunSQL(ABOUT, migrations.RunSQL.noop),
    ]
