"""Envelopes recorded before their acts had a date: the first of January, when a finance act takes effect."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("budget", "0007_envelope_dated")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE budget_fundenvelope DISABLE TRIGGER USER;
            UPDATE budget_fundenvelope SET dated_on = make_date(year, 1, 1) WHERE dated_on IS NULL;
            ALTER TABLE budget_fundenvelope ENABLE TRIGGER USER;
            UPDATE budget_fundenvelopeevent SET dated_on = make_date(year, 1, 1) WHERE dated_on IS NULL;
            """,
            migrations.RunSQL.noop,
        )
    ]
