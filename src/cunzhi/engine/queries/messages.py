"""Reads of messages and notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cunzhi.base import clock
from cunzhi.base.clock import EXAMPLE
from cunzhi.base.prepared import Prepared
from cunzhi.engine.loader import kept_by
from cunzhi.engine.models import Message, Notice
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.registry.access import selves


def messages_of(person_id: int) -> QuerySet[Message]:
    """A person's messages, newest first."""
    mine = Message.objects.filter(to_id__in=selves(person_id).values("id")).order_by("-at", "-id")
    return mine.select_related("case__scenario_version", "topic").defer("case__scenario_version__files")


def unread_count(person_id: int) -> int:
    return Message.objects.filter(to_id__in=selves(person_id).values("id"), read_at__isnull=True).count()


def notices_at(place_code: str) -> QuerySet[Notice]:
    """What a village is told at present, newest first; what has ended leaves by itself."""
    rows = _present(place_code, clock.now()).select_related("case__scenario_version")
    return rows.defer("case__scenario_version__files")


def _present(place_code: str, moment: datetime) -> QuerySet[Notice]:
    present = Q(until__isnull=True) | Q(until__gt=moment)
    return Notice.objects.filter(present, place_code=place_code, about__isnull=True).order_by("-at", "-id")


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice on the board, with what tells its words and who may respond to it."""

    id: int
    key: str
    params: dict[str, Any]
    at: datetime
    until: datetime | None
    title: str
    workflow: str
    state: str
    subject_id: int | None
    opener_id: int | None
    switched_on_at: str
    slug: str
    digest: str

    @property
    def scenario(self) -> Scenario:
        return kept_by(self.slug, self.digest)


def _board(place: str, moment: datetime) -> QuerySet[Notice, tuple[Any, ...]]:
    of_case = ("workflow", "state", "subject_id", "opener_id", "activation__place_code")
    version = ("scenario_version__slug", "scenario_version__digest")
    columns = [f"case__{name}" for name in of_case + version]
    return _present(place, moment).values_list("id", "key", "params", "at", "until", "title", *columns)


BOARD = Prepared(_board, place="a place", moment=EXAMPLE)


def board(place_code: str, *, start: int, most: int) -> list[Posted]:
    """The same notices for the village's own page, which is asked for often: one page of them, in plain rows."""
    return [Posted(*row) for row in BOARD.run(place=place_code, moment=clock.now(), start=start, most=most)]
