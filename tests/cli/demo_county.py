"""A made-up county whose villages' records of 2025 have something to find: where more take part, more is mended."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np

from cunzhi.engine.models import Activation, Case, ScenarioVersion, Step
from cunzhi.registry.models import Household, Person, Place

COUNTY, LATE_TOWNSHIP = "500113", "500113104"
TOWNSHIPS = [f"{COUNTY}{number}" for number in (101, 102, 103, 104)]
VILLAGES = [f"{township}{number}" for township in TOWNSHIPS for number in (200, 201, 202)]
MONTHS = range(1, 13)
LONG_AGO = date(2020, 1, 1)
LATE = date(2025, 4, 1)
"""From when the mending of problems is on in the last township."""

TREE = """code: engagement
title: 村民参与
title_en: Engagement
children:
  - {code: deeds, title: 申报好事, title_en: Deeds reported}
  - {code: households, title: 参与户数, title_en: Households taking part}
  - {code: granted, title: 申报通过率, title_en: Share granted}
  - {code: credited_alone, title: 自办占比, title_en: Share helped, direction: -1}
"""

STUDY = """title: {zh_Hans: 村民参与与问题办结（演示）, en: Engagement and problems mended (made up)}
simulated: true
draws: 99
data:
  platform:
    indicators:
      deeds: points/deeds_reported
      households: points/households_taking_part
      granted: points/share_granted
      credited_alone: points/share_helped
      mended: living_environment/problems_mended
    under: "500113"
    level: village
    first: 2025-01
    last: 2025-12
  file: income.csv
  name: name
variables:
  mended: {title: {zh_Hans: 办结问题, en: Problems mended}}
  income: {title: {zh_Hans: 收入, en: Income}}
indices:
  engagement:
    tree: engagement.yaml
    steps:
      - {verb: impute, method: linear}
      - {verb: impute, method: last}
      - {verb: normalise, method: min-max}
      - {verb: weight, method: entropy}
      - {verb: aggregate}
roles:
  outcome: mended
  treatment: engagement
  controls: [income]
"""


def make_county() -> None:
    """Places, activations and a year of cases in both scenarios."""
    for code in [COUNTY, *TOWNSHIPS, *VILLAGES]:
        level = {6: "county", 9: "township", 12: "village"}[len(code)]
        Place.objects.create(
            system="gb" if len(code) == 6 else "nbs", code=code, name=code, level=level, valid_from=LONG_AGO
        )
    points = Activation.objects.create(scenario="points", place_code=COUNTY, since=date(2024, 12, 1), basis="meeting")
    mending = {
        township: Activation.objects.create(
            scenario="living_environment",
            place_code=township,
            since=LATE if township == LATE_TOWNSHIP else date(2024, 12, 1),
            basis="meeting",
        )
        for township in TOWNSHIPS
    }
    numbers, rng = count(1), np.random.default_rng(1)
    cases: list[Case] = []
    helped: list[Case] = []
    versions = {
        slug: ScenarioVersion.objects.create(
            slug=slug, version=1, digest=slug, files={}, kept_at=datetime(2024, 12, 1, tzinfo=UTC)
        )
        for slug in ("points", "living_environment")
    }

    def case(
        activation: Activation, workflow: str, outcome: str, village: str, opened: datetime, **more: object
    ) -> Case:
        return Case(
            number=f"25-{next(numbers):08}",
            scenario=activation.scenario,
            workflow=workflow,
            scenario_version=versions[activation.scenario],
            activation=activation,
            state=outcome,
            outcome=outcome,
            place_code=village,
            opened_at=opened,
            entered_at=opened,
            closed_at=opened + timedelta(hours=30),
            **more,
        )

    for village in VILLAGES:
        homes = [Household.objects.create(place_code=village, number=str(n), since=LONG_AGO) for n in range(8)]
        for month in MONTHS:
            deeds = int(rng.poisson(2 + VILLAGES.index(village) / 6))
            for number in range(deeds):
                opened = datetime(2025, month, 2 + number, 2, tzinfo=UTC)
                outcome = "granted" if rng.random() < 0.8 else "refused"
                home = homes[int(rng.integers(8))]
                cases.append(case(points, "deed", outcome, village, opened, household=home))
                helped += [cases[-1]] if rng.random() < 0.3 else []
            if date(2025, month, 1) < mending[village[:9]].since:
                continue
            for number in range(int(rng.poisson(deeds))):
                opened = datetime(2025, month, 2 + number, 3, tzinfo=UTC)
                cases.append(case(mending[village[:9]], "problem", "done", village, opened))
    # What a township's own office mends belongs to no village.
    cases.append(case(mending[TOWNSHIPS[0]], "problem", "done", TOWNSHIPS[0], datetime(2025, 5, 5, tzinfo=UTC)))
    Case.objects.bulk_create(cases)
    old = Person.objects.create(name="陈淑芬", place_code=COUNTY)
    opening = {"transition": "open", "to_state": "waiting", "on_behalf_of": old}
    Step.objects.bulk_create([Step(case=one, at=one.opened_at, **opening) for one in helped])


def write_study(folder: Path) -> Path:
    """The study file with its tree and a file of incomes beside it."""
    rng = np.random.default_rng(2)
    lines = [f"{village},2025-{month:02},{rng.normal(20, 2):.2f}" for village in VILLAGES for month in MONTHS]
    elsewhere = "500114101200,2025-01,20.00"
    (folder / "elsewhere.csv").write_text(f"unit,period,income\n{elsewhere}\n", encoding="utf-8")
    lines.append(elsewhere)
    (folder / "income.csv").write_text("unit,period,income\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / "engagement.yaml").write_text(TREE, encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder / "study.yaml"
