"""Rejudgings: another engine over a store's reviews, what it would change, and how far the change has come."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

PERSON = settings.AUTH_USER_MODEL
STATES = ("looking", "looked", "applying", "applied", "stopped")


def somebody() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(to=PERSON, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+")


class Migration(migrations.Migration):

    dependencies = [
        ("stores", "0002_invitations"),
        ("triage", "0004_asked"),
        migrations.swappable_dependency(PERSON),
    ]

    operations = [
        migrations.CreateModel("Rejudging", fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("store", models.ForeignKey(to="stores.store", on_delete=django.db.models.deletion.CASCADE,
                                        related_name="rejudgings")),
            ("engine", models.CharField(max_length=60)),
            ("since", models.DateField(null=True)),
            ("until", models.DateField(null=True)),
            ("state", models.CharField(max_length=10, choices=[(s, s.title()) for s in STATES], default="looking")),
            ("upto", models.BigIntegerField()),
            ("after", models.BigIntegerField(default=0)),
            ("total", models.PositiveIntegerField(default=0)),
            ("done", models.PositiveIntegerField(default=0)),
            ("tally", models.JSONField(default=dict)),
            ("applied", models.JSONField(default=dict)),
            ("asked_by", somebody()),
            ("asked_at", models.DateTimeField()),
            ("confirmed_by", somebody()),
            ("finished_at", models.DateTimeField(null=True)),
        ]),
        migrations.AddConstraint("rejudging", models.UniqueConstraint(
            fields=["store"], condition=Q(state="looking") | Q(state="applying"), name="rejudging_one_a_store")),
        migrations.AddIndex("rejudging", models.Index(fields=["store", "-id"], name="rejudging_by_store")),
    ]
