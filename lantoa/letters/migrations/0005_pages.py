import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_receiving'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterPages',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('boxes', models.JSONField()),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='letters.incomingletter')),
            ],
        ),
    ]
