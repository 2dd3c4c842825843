"""The index of open steps in words that SQLite recognises: it read every step that was ever done, each minute."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("work", "0004_stale")]

    operations = [
        migrations.RemoveIndex("step", "step_open"),
        migrations.AddIndex("step", models.Index(
            fields=["due_at"], name="step_open",
            condition=models.Q(("state", "waiting"), ("state", "claimed"), _connector="OR"))),
    ]
