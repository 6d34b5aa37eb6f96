"""What happens by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cunzhi.cli.tick import all_that_is_due
from cunzhi.web.models import Session


@pytest.mark.django_db(transaction=True)
def test_sessions_that_have_run_out_are_forgotten() -> None:
    now = timezone.now()  # noqa: TID251 - sessions end by Django's clock
    for key, ends in (("ended", now - timedelta(minutes=1)), ("goes_on", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    all_that_is_due(full=False)
    assert Session.objects.count() == 2
    all_that_is_due(full=True)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["goes_on"]
