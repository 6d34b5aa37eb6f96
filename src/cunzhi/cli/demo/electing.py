"""Elections on paper in simulated villages, as the platform makes them public: one is over, one has its roll out."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.cli.demo.cast import Village
from cunzhi.cli.demo.doings import Doings
from cunzhi.cli.demo.papers import voucher
from cunzhi.cli.demo.pictures import drawn
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case

WHAT = "第十二届村民委员会（模拟）"
WHOLE: tuple[tuple[float, str, dict[str, Any]], ...] = (
    (2, "publish_roll", {"registered": 812, "hangs": "村务公开栏"}),
    (15, "publish_candidates", {"candidates": 4, "names": "候选人甲、乙、丙、丁（模拟）"}),
    (20, "publish_booths", {"booths": "村小学会场和两个投票站，8 时至 12 时", "boxes": 2}),
    (30.3, "count_ballots", {"issued": 655, "returned": 641, "spoiled": 9}),
    (30.4, "declare", {"winners": "甲 502 票、乙 466 票、丙 390 票（模拟）", "lowest": 390}),
)


def plan_elections(doings: Doings, villages: list[Village], end: datetime, random: Random) -> None:
    """One from its plan to the result, and one of which only the roll is public yet."""
    for village, ago, steps in ((villages[-1], 210, WHOLE), (villages[0], 8, WHOLE[:1])):
        begun = (end - timedelta(days=ago)).replace(hour=9, minute=0)
        _Electing(doings, village, random).go(begun, steps)


class _Electing:
    """One election on its way."""

    def __init__(self, doings: Doings, village: Village, random: Random) -> None:
        self.doings, self.code, self.random = doings, village.place.code, random
        self.cadre: Actor = village.officer("village_cadre", random)
        self.case = Case()

    def go(self, begun: datetime, steps: tuple[tuple[float, str, dict[str, Any]], ...]) -> None:
        self.doings.at(begun, self._open)
        for days, way, answers in steps:
            self.doings.at(begun + timedelta(days=days), partial(self._step, way, answers))

    def _open(self) -> None:
        answers = {"what": WHAT, "seats": 3, "election_day": (clock.today() + timedelta(days=30)).isoformat()}
        self.case = open_case(
            by=self.cadre, scenario="elections", workflow="election", place_code=self.code, answers=answers
        )

    def _step(self, way: str, answers: dict[str, Any]) -> None:
        papers: dict[str, Any] = {}
        if way == "publish_roll":
            papers["roll"] = [self._paper("roll", "ROLL")]
        if way == "declare":
            photo = keep_picture(by=self.cadre, data=drawn(self.random), field="photos", place_code=self.code)
            papers |= {"report": [self._paper("report", "REPORT")], "photos": [photo.pk]}
        self.doings.move(self.cadre, self.case, way, answers={**answers, **papers})

    def _paper(self, field: str, title: str) -> int:
        return keep_file(by=self.cadre, data=voucher(title), name=f"{title}.pdf", field=field, place_code=self.code).pk
