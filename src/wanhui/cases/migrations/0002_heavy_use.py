# The queue for heavy use: an index that holds all it orders by, hand-overs, deeds to undo.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_first'),
        ('customers', '0001_first'),
        ('stores', '0001_first'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('verb', models.CharField(max_length=20)),
                ('items', models.JSONField(default=list)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('note', models.TextField(blank=True, default='', max_length=1000)),
                ('ended_at', models.DateTimeField(help_text='accepted, or given on: no longer waiting', null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_queue',
        ),
        migrations.AddField(
            model_name='logline',
            name='version',
            field=models.PositiveIntegerField(default=0, help_text="the case's version after it; 0 for lines of before"),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['store', 'severity', 'reply_due_at', 'first_reply_at', 'seen_at', 'assignee', 'primary', 'stage', 'opened_at', 'id'], name='case_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-closed_at', '-id'], name='case_shut'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['store', '-seen_at', '-id'], name='case_store_seen'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-seen_at', '-id'], name='case_seen'),
        ),
        migrations.AddIndex(
            model_name='logline',
            index=models.Index(fields=['at'], name='case_log_at'),
        ),
        migrations.AddField(
            model_name='deed',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='cases.case'),
        ),
        migrations.AddField(
            model_name='handover',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['to', 'case'], name='handover_waiting'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['case', '-at'], name='handover_case'),
        ),
    ]
