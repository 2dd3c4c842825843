"""How many people found a review useful, where an export says so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reviews", "0002_lists")]

    operations = [
        migrations.AddField("review", "readers", models.PositiveIntegerField(
            null=True, help_text="how many found it useful; null where nobody says so")),
    ]
