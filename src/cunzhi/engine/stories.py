"""Told stories: a scenario's examples, played beat by beat on real records, as tests and as a simulation to read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cunzhi.base import clock, strict_yaml
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.engine import gauges, observing
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.engine.pickup import code_of
from cunzhi.engine.queries.cases import state_of, workflow_of
from cunzhi.engine.spec.form import FormField
from cunzhi.engine.spec.scenario import Scenario
from cunzhi.engine.spec.story import Beat, Given, Story
from cunzhi.engine.spec.workflow import Transition, Workflow
from cunzhi.engine.stage import GRID, VILLAGE, Stage, build, come_to_meeting, paper, picture
from cunzhi.engine.telling import Happening, StoryFailed
from cunzhi.engine.timers import tick
from cunzhi.engine.words import message_in
from cunzhi.registry.models import Person

__all__ = ["GRID", "VILLAGE", "Beat", "Given", "Play", "Story", "StoryFailed", "paper", "picture", "stories"]
CONSENT = "当面同意 agreed face to face"


def stories(scenario: Scenario, files: dict[str, str]) -> Iterator[tuple[str, Story]]:
    """The stories of a scenario's folder."""
    for path, text in sorted(files.items()):
        if path.startswith("examples/"):
            yield path, strict_yaml.load_as(Story, text, name=f"{scenario.slug}/{path}")


@dataclass
class Play:
    """One story being played in an empty database."""

    scenario: Scenario
    story: Story
    cases: dict[str, Case] = field(default_factory=dict)
    happened: list[Happening] = field(default_factory=list)

    @property
    def people(self) -> dict[str, Person]:
        return self.stage.people

    def run(self) -> list[Happening]:
        """Play all beats and say what happened. StoryFailed when it is not what the story says."""
        with clock.at(self.story.beats[0].moment):
            self.stage: Stage = build(self.scenario, self.story.given)
        for beat in self.story.beats:
            with clock.at(beat.moment):
                self._play(beat)
        return self.happened

    def _play(self, beat: Beat) -> None:
        refused, said, books = None, _last_message(), self._books()
        try:
            self._do(beat)
        except Refused as error:
            refused = error
        self.happened.append(self._happened(beat, refused, said=said, books=books))
        self._compare(beat, refused)

    def _do(self, beat: Beat) -> None:
        if beat.wait:
            tick()
            if beat.case in self.cases:
                self.cases[beat.case].refresh_from_db()
            return
        for name, value in (beat.sees or {}).items():
            gauges.sees(self.stage.gauges[name], value)
        if beat.sees is not None:
            return
        by = self.stage.actor(beat.by or "", beat.helping)
        if beat.alarm is not None:
            gauges.answer(beat.alarm, by, beat.reason)
            return
        if beat.came is not None:
            come_to_meeting(self.cases[beat.case], beat.came, by)
            return
        consent = CONSENT if beat.helping else ""
        if beat.do == "open":
            self.cases[beat.case] = open_case(
                by=by,
                scenario=self.scenario.slug,
                workflow=beat.workflow or "",
                place_code=GRID,
                answers=self._answers(beat, by),
                consent=consent,
            )
            return
        case = self._case(beat)
        self.cases[beat.case] = move(
            by=by,
            case=case,
            transition=beat.do or "",
            version=case.version,
            answers=self._answers(beat, by),
            reason=beat.reason,
            consent=consent,
            code=code_of(case) if beat.code == "right" else beat.code or "",
        )

    def _case(self, beat: Beat) -> Case:
        if beat.child_of is not None:
            children = Case.objects.filter(parent=self.cases[beat.child_of]).order_by("-id")
            if not children:
                raise self._failed(beat, "child", beat.child_of, "1", "0")
            return children[0]
        if beat.owed is not None:
            opened = Case.objects.filter(key__startswith=f"duty:{self.scenario.slug}:{beat.owed}:").order_by("-id")
            if not opened:
                raise self._failed(beat, "owed", beat.owed, "1", "0")
            return opened[0]
        return self.cases[beat.case]

    def _answers(self, beat: Beat, by: Actor) -> dict[str, Any]:
        """The beat's answers with names of goods, people, pictures and files turned into what the forms take."""
        taken = dict(beat.answers)
        for form in self.scenario.forms.values():
            for one in form.fields:
                if one.name in beat.answers:
                    taken[one.name] = self._meant(one, beat.answers[one.name], by)
        return taken

    def _meant(self, one: FormField, given: Any, by: Actor) -> Any:
        if one.type == "image":
            names = given if isinstance(given, list) else [given]
            kept = [keep_picture(by=by, data=picture(str(name)), field=one.name, place_code=GRID) for name in names]
            return [each.pk for each in kept]
        if one.type == "file":
            names = given if isinstance(given, list) else [given]
            return [self._sent(str(name), one, by) for name in names]
        lookup = one.choices_from.lookup if one.choices_from else None
        if lookup == "notices":
            return str(Notice.objects.filter(title=given).latest("id").pk)
        if lookup == "goods" and given in self.stage.goods:
            return str(self.stage.goods[given].pk)
        if lookup == "workers" and given in self.people:
            return str(self.people[given].pk)
        return given

    def _sent(self, name: str, one: FormField, by: Actor) -> int:
        return keep_file(by=by, data=paper(name), name=f"{name}.pdf", field=one.name, place_code=GRID).pk

    def _books(self) -> dict[str, int]:
        return {"points": self.stage.points, "pot": self.stage.pot}

    def _happened(self, beat: Beat, refused: Refused | None, *, said: int, books: dict[str, int]) -> Happening:
        case = self.cases.get(beat.case)
        flow = workflow_of(case) if case else self.scenario.workflows.get(beat.workflow or "")
        names = {each.pk: name for name, each in self.people.items()}
        new = Message.objects.filter(pk__gt=said, to__in=names).order_by("id")
        languages = ("zh-hans", "en")
        return Happening(
            beat,
            workflow=flow,
            way=_way(flow, beat),
            state=state_of(case) if case else None,
            waits_for=(case.climbed_to or case.waits_for) if case else "",
            refused=refused,
            words=[(names[one.to_id], {each: message_in(one, each) for each in languages}) for one in new],
            books={name: left for name, left in self._books().items() if left != books[name]},
        )

    def _compare(self, beat: Beat, refused: Refused | None) -> None:
        then, case = beat.then, self.cases.get(beat.case)
        found: list[tuple[str, str, object, object]] = [("refused", "", then.refused or "", self._key(refused))]
        looks: dict[str, Callable[[], object]] = {
            "state": lambda: case.state if case else None,
            "inbox": lambda: (case.climbed_to or case.waits_for) if case else None,
            "points": lambda: self.stage.points,
            "pot": lambda: self.stage.pot,
            "alarm": gauges.stands,
            "called": gauges.called,
            "observed": observing.newest,
            "published": _last_notice,
        }
        wanted_of = {name: getattr(then, name) for name in looks}
        found += [(name, "", wanted, looks[name]()) for name, wanted in wanted_of.items() if wanted is not None]
        found += [("stock", good, left, self.stage.stock(good)) for good, left in then.stock.items()]
        found += [("told", who, key, self._told(who)) for who, key in then.told.items()]
        for what, whose, wanted, is_so in found:
            if wanted != is_so:
                raise self._failed(beat, what, whose, wanted, is_so)

    def _key(self, refused: Refused | None) -> str:
        """The key of the sentence, without the slug in front when it is the scenario's own."""
        return refused.code.removeprefix(f"{self.scenario.slug}.") if refused else ""

    def _told(self, who: str) -> str | None:
        latest = Message.objects.filter(to=self.people[who]).order_by("-id")
        return latest.values_list("key", flat=True).first()

    def _failed(self, beat: Beat, what: str, whose: str, wanted: object, found: object) -> StoryFailed:
        return StoryFailed(self.story.name, beat, what=what, whose=whose, wanted=wanted, found=found)


def _way(flow: Workflow | None, beat: Beat) -> Transition | None:
    """The transition that a beat took, if it took one that there is."""
    known = flow is not None and (beat.do == "open" or beat.do in flow.transitions)
    return flow.transition(beat.do) if flow and beat.do and known else None


def _last_message() -> int:
    return Message.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _last_notice() -> str | None:
    return Notice.objects.filter(place_code=VILLAGE).order_by("-id").values_list("key", flat=True).first()
