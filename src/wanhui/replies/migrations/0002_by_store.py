"""The store of a reply beside it, so that a store's last replies are read from an index; and what they have answered."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 20_000
FILL = """
UPDATE replies_reply SET
  store_ref = (SELECT store_id FROM reviews_review WHERE reviews_review.id = replies_reply.review_id)
WHERE id >= %s AND id < %s
"""
ANSWERED = """
UPDATE triage_verdict SET answered = %s
WHERE current AND follow_up_id IS NULL
  AND review_id IN (SELECT review_id FROM replies_reply WHERE state = 'sent' AND id >= %s AND id < %s)
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM replies_reply")
        last = cursor.fetchone()[0] or 0
        for first in range(0, last + 1, AT_ONCE):
            cursor.execute(FILL, [first, first + AT_ONCE])
            cursor.execute(ANSWERED, [True, first, first + AT_ONCE])


class Migration(migrations.Migration):

    dependencies = [("replies", "0001_first"), ("triage", "0003_answered")]

    operations = [
        migrations.AddField("reply", "store_ref", models.BigIntegerField(
            null=True, help_text="of the review: a store's last replies are read here")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("reply", models.Index(
            fields=["store_ref", "-changed_at"], name="reply_recent",
            condition=models.Q(approved_at__isnull=False))),
    ]
