"""Verdicts that wait are counted by store and day: an archive's must cost the queue nothing."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("triage", "0005_rejudging")]

    operations = [
        migrations.RemoveIndex("verdict", "verdict_to_check"),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-said_on", "severity", "id"], name="verdict_waiting",
            condition=Q(current=True, to_check=True))),
    ]
