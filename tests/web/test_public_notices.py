"""Notices on the public page of a village: for everybody, names masked, gone when their time is over."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from engine.conftest import Village
from web.stage import Town

from cunzhi.base import clock
from cunzhi.engine.models import Notice
from cunzhi.registry.queries.places import place


def granted(village: Village) -> Notice:
    """A deed that was reported and approved, so that the village is told."""
    town = Town(village)
    case = town.report_deed()
    response = town.take("appraiser", case, "approve", seen="photo")
    assert response.status_code == 302, response.content.decode()
    return Notice.objects.get()


def visited(notice: Notice, language: str = "zh-hans") -> str:
    response = Client(headers={"accept-language": language}).get(f"/places/{notice.place_code}/")
    assert response.status_code == 200
    return response.content.decode()


def test_village_tells_everybody_with_names_masked(village: Village) -> None:
    notice = granted(village)
    assert place(notice.place_code)
    page = visited(notice)
    name = notice.case.subject.name  # type: ignore[union-attr]
    assert name[0] + "*" in page
    assert name not in page
    assert "扫了院坝" not in page
    assert "Names are shown in part" in visited(notice, "en")


def test_notice_goes_when_its_time_is_over(village: Village) -> None:
    notice = granted(village)
    assert notice.until is not None
    with clock.at(notice.until + timedelta(minutes=1)):
        assert "现在没有公示" in visited(notice)


def test_many_notices_ask_no_more_queries(village: Village) -> None:
    notice = granted(village)
    visited(notice)
    with CaptureQueriesContext(connection) as one:
        visited(notice)
    for _ in range(5):
        notice.pk = None
        notice.save()
    with CaptureQueriesContext(connection) as more:
        visited(notice)
    assert len(more) == len(one)
