"""The tallies of anomalies will keep more of each: those kept so far go, the clock computes them again."""

from typing import Any

from django.db import migrations


def empty(apps: Any, schema_editor: Any) -> None:
    apps.get_model("contracts", "AnomalyTally").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("contracts", "0008_anomaly_decisions")]

    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
