# Closed cases by how they ended: where the share of those won back leads.

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_heavy_use'),
        ('customers', '0001_first'),
        ('stores', '0002_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['store', 'outcome', '-closed_at', '-id'], name='case_ended'),
        ),
    ]
