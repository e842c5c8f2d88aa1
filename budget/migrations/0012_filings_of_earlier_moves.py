"""Decisions recorded before their moves bore a filing: the one that the history of their tranche gives them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("budget", "0011_complement_of_a_tranche")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE budget_tranchemove DISABLE TRIGGER USER;
            UPDATE budget_tranchemove AS move SET filing_id = (
                SELECT told.filing_id FROM budget_fundingtrancheevent AS told
                WHERE told.pgh_obj_id = move.tranche_id AND told.state = 'decided' AND told.decided_on = move.on
                    AND told.reason = move.reason AND told.pgh_created_at <= move.at
                ORDER BY told.pgh_created_at DESC, told.pgh_id DESC LIMIT 1
            ) WHERE move.action = 'decide' AND move.filing_id IS NULL;
            ALTER TABLE budget_tranchemove ENABLE TRIGGER USER;
            """,
            migrations.RunSQL.noop,
        )
    ]
