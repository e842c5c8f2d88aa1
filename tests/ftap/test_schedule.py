"""What beat asks for exists in the worker, and does its work when asked."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from ftap.celery import app
from monitoring.models import Filing, Notice
from tests.factories import CampaignFactory

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.fixture(autouse=True)
def modules() -> None:
    """What a worker imports when it starts."""
    app.loader.import_default_modules()


@pytest.mark.parametrize("entry", SCHEDULE)
def test_the_worker_knows_the_task(entry: str) -> None:
    assert SCHEDULE[entry]["task"] in app.tasks


@pytest.mark.parametrize("entry", SCHEDULE)
def test_asked_when_nothing_is_due_it_does_nothing(entry: str, db: None) -> None:
    assert app.tasks[SCHEDULE[entry]["task"]]() == 0


def test_beat_opens_a_campaign_on_its_day_and_chases_the_day_after_it_was_due(contract: Contract, lead: User) -> None:
    today = timezone.localdate()
    CampaignFactory(opens_on=today - timedelta(days=20), due_on=today - timedelta(days=1))
    assert app.tasks["monitoring.open_due_campaigns"]() == 1
    assert Filing.objects.get().state == "draft"
    assert app.tasks["monitoring.chase"]() == 1
    assert app.tasks["monitoring.chase"]() == 0
    assert Notice.objects.filter(user=lead).count() == 2
