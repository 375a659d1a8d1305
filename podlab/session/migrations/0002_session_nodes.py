"""Sessions on nodes of the learner's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("session", "0001_initial")]

    operations = [migrations.AddField("session", "nodes", models.TextField(blank=True, default=""))]
