from django.db import migrations

REOPENED = """
    UPDATE monitoring_filing AS filing SET state = 'reopened'
    WHERE state = 'sent_back' AND 'reopen' = (
        SELECT action FROM monitoring_filingtransition
        WHERE filing_id = filing.id ORDER BY at DESC, id DESC LIMIT 1
    )
"""
SENT_BACK = "UPDATE monitoring_filing SET state = 'sent_back' WHERE state = 'reopened'"


class Migration(migrations.Migration):
    """Filings whose figures were reopened bore the state of those sent back."""

    dependencies = [
        ("monitoring", "0013_reopened_state"),
    ]

    operations = [migrations.RunSQL(REOPENED, SENT_BACK)]
