"""Verdicts that wait for a person, kinds of follow-ups, and a store's own severity table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Unsure verdicts of before wait too: nobody has said yes to them.
ASK = """
UPDATE triage_verdict SET to_check = %s
WHERE current AND unsure AND engine <> 'person' AND (bad OR middling OR sentiment IN ('negative', 'mixed'))
"""
PERSON = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):

    dependencies = [
        ("reviews", "0003_readers"),
        ("stores", "0002_invitations"),
        ("triage", "0003_answered"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.AddField("verdict", "reasons", models.JSONField(
            null=True, help_text="codes of triage.rules.reasons; null before they were kept")),
        migrations.AddField("verdict", "table_version", models.PositiveIntegerField(
            default=0, help_text="of the store's severity table; 0: shipped")),
        migrations.AddField("verdict", "to_check", models.BooleanField(
            default=False, help_text="unsure, and waits for a person's yes or correction")),
        migrations.AddField("verdict", "checked_by", models.ForeignKey(
            to=PERSON, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+")),
        migrations.AddField("verdict", "checked_at", models.DateTimeField(null=True)),
        migrations.AddField("verdict", "kind", models.CharField(
            max_length=12, default="", blank=True, help_text="of a follow-up: language.followups.KINDS")),
        migrations.AddField("verdict", "kind_evidence", models.JSONField(default=list)),
        migrations.AddField("verdict", "kind_sure", models.BooleanField(default=True)),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "severity", "-id"], name="verdict_to_check",
            condition=Q(current=True, to_check=True))),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "kind", "-said_on", "-review"], name="verdict_by_kind",
            condition=Q(current=True, follow_up__isnull=False))),
        migrations.CreateModel("SeverityTable", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("store", models.ForeignKey(to="stores.store", on_delete=django.db.models.deletion.CASCADE,
                                        related_name="severity_tables")),
            ("version", models.PositiveIntegerField()),
            ("levels", models.JSONField(help_text="code of a reason: 1 to 4, as in triage.rules.Urgencies")),
            ("mass_from", models.PositiveIntegerField()),
            ("readers_from", models.PositiveIntegerField()),
            ("by", models.ForeignKey(to=PERSON, on_delete=django.db.models.deletion.PROTECT, related_name="+")),
            ("made_at", models.DateTimeField()),
        ]),
        migrations.AddConstraint("severitytable", models.UniqueConstraint(
            fields=["store", "version"], name="severity_table_version_once")),
        migrations.RunSQL([(ASK, [True])], migrations.RunSQL.noop),
    ]
