from django.db import migrations, models


def number_the_packs_words_zero(apps, _schema_editor):
    """What was taken over from the pack is version 0; until now all words were in use, so all count as approved."""
    messages = apps.get_model("content", "Message").objects
    messages.update(approved_at=models.F("recorded_at"), approved_by=models.F("by"))
    messages.filter(version=1).update(version=0)


def number_the_packs_words_one(apps, _schema_editor):
    messages = apps.get_model("content", "Message").objects
    for row in messages.order_by("-version"):
        messages.filter(pk=row.pk).update(version=row.version + 1)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0003_words_in_versions'),
    ]

    operations = [
        migrations.RunPython(number_the_packs_words_zero, number_the_packs_words_one),
    ]
