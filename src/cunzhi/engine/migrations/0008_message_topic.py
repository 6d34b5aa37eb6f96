from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deliberation', '0002_ballots_are_kept'),
        ('engine', '0007_late_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=models.deletion.CASCADE, related_name='messages', to='deliberation.topic'),
        ),
    ]
