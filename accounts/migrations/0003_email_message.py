"""What a form says of an address that is already somebody's; the tables do not change."""

from django.db import migrations, models

MESSAGE = {"unique": "Cette adresse électronique est déjà celle d’un compte."}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_models")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField("adresse électronique", max_length=254, unique=True, error_messages=MESSAGE),
        ),
        migrations.AlterField(
            model_name="userevent",
            name="email",
            field=models.EmailField("adresse électronique", max_length=254, error_messages=MESSAGE),
        ),
    ]
