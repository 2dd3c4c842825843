"""The store and day of a verdict's review beside it, so that a list by mood or cause reads one index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 20_000
FILL = """
UPDATE triage_verdict SET
  store_ref = (SELECT store_id FROM reviews_review WHERE reviews_review.id = triage_verdict.review_id),
  said_on = (SELECT said_on FROM reviews_review WHERE reviews_review.id = triage_verdict.review_id)
WHERE id >= %s AND id < %s
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM triage_verdict")
        last = cursor.fetchone()[0] or 0
        for first in range(0, last + 1, AT_ONCE):
            cursor.execute(FILL, [first, first + AT_ONCE])


class Migration(migrations.Migration):

    dependencies = [("triage", "0001_first"), ("reviews", "0002_lists")]

    operations = [
        migrations.AddField("verdict", "store_ref", models.BigIntegerField(
            null=True, help_text="of the review, as its day: lists are read here")),
        migrations.AddField("verdict", "said_on", models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-said_on", "-review"], name="verdict_bad",
            condition=models.Q(current=True, follow_up=None, bad=True))),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-said_on", "-review"], name="verdict_not_bad",
            condition=models.Q(current=True, follow_up=None, bad=False))),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-said_on", "-review"], name="verdict_middling",
            condition=models.Q(current=True, follow_up=None, middling=True))),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "primary", "-said_on", "-review"], name="verdict_by_cause",
            condition=models.Q(current=True, follow_up=None))),
    ]
