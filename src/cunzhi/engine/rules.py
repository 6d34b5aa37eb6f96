"""Asks a scenario's rules about a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.engine.lookups import Known
from cunzhi.engine.models import Case
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.sdk import Answer, CaseView, Facts, Finding


class GuardRefused(Refused):
    """A rule of the scenario closes the way; the sentence is the scenario's own."""

    def __init__(self, scenario: Scenario, guard: str, answer: Answer) -> None:
        self.scenario = scenario
        self.guard = guard
        super().__init__(f"{scenario.slug}.{answer.message}", **answer.params)
        self.message = answer.message

    def say(self, language: str) -> str:
        return self.scenario.say(self.message, language, **self.params)


@dataclass(frozen=True)
class Asked:
    """A scenario's rules, ready to be asked about one case."""

    scenario: Scenario
    facts: Facts
    numbers: "Numbers"

    def guard(self, name: str) -> dict[str, Any]:
        """Pass the guard or raise what it says. Returns what is kept as the step's 'why'."""
        self.numbers.asked.clear()
        answer: Answer = getattr(self.scenario.rules, name)(self.facts)
        if not answer.ok:
            raise GuardRefused(self.scenario, name, answer)
        why: dict[str, Any] = {"guard": name, "ok": True}
        if answer.message:
            why |= {"said": answer.message, "params": dict(answer.params)}
        return why | ({"numbers": sorted(self.numbers.asked)} if self.numbers.asked else {})

    def amount(self, name: str) -> int:
        """The amount that a rule gives: a whole number, zero or more."""
        amount = getattr(self.scenario.rules, name)(self.facts)
        if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
            raise TypeError(f"{self.scenario.slug}: {name} gave {amount!r}, not a whole number from zero up")
        return amount

    def says(self, name: str) -> bool:
        """Whether a rule says True."""
        return bool(getattr(self.scenario.rules, name)(self.facts))


class Numbers(dict[str, Any]):
    """The numbers in force, which remember what was asked of them: the history tells who set what a rule went by."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        super().__init__(numbers)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)


class Findings(Sequence[Finding]):
    """What machines said of a case so far, read when a rule looks and kept for the rest of the step."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def _read(self) -> list[Finding]:
        if self._case.pk is None:
            return []
        rows = self._case.machine_answers.order_by("id").values_list("code", "verdict", "detail")
        return [Finding(*row) for row in rows]

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | Sequence[Finding]:
        return self._read[at]

    def __len__(self) -> int:
        return len(self._read)


def ask(scenario: Scenario, case: Case, numbers: Mapping[str, Any], answers: Mapping[str, Any]) -> Asked:
    """Gather the facts of a case and stand ready."""
    view = CaseView(
        number=case.number,
        state=case.state,
        place_code=case.place_code,
        opened_at=case.opened_at,
        entered_at=case.entered_at,
        assigned=case.assignee_id is not None,
    )
    read = Numbers(numbers)
    facts = Facts(
        answers=answers,
        numbers=read,
        known=Known(case, answers),
        findings=Findings(case),
        case=view,
        now=clock.now(),
    )
    return Asked(scenario, facts, read)
