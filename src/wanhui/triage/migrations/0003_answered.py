"""Whether the shop's answer is known beside the verdict: those without one are then read from an index of their own."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 20_000
FILL = """
UPDATE triage_verdict SET answered = %s
WHERE id >= %s AND id < %s AND current AND follow_up_id IS NULL
  AND EXISTS (SELECT 1 FROM reviews_review WHERE reviews_review.id = review_id AND platform_reply <> '')
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM triage_verdict")
        last = cursor.fetchone()[0] or 0
        for first in range(0, last + 1, AT_ONCE):
            cursor.execute(FILL, [True, first, first + AT_ONCE])


class Migration(migrations.Migration):

    dependencies = [("triage", "0002_listed")]

    operations = [
        migrations.AddField("verdict", "answered", models.BooleanField(
            default=False, help_text="the shop's answer is known; False proves nothing")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex("verdict", models.Index(
            fields=["store_ref", "-said_on", "-review"], name="verdict_unanswered",
            condition=models.Q(models.Q(("bad", True), ("middling", True), _connector="OR"),
                               current=True, follow_up=None, no_text=False, answered=False))),
    ]
