"""What happened in a story, beat by beat, in the words of those who read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.engine.spec.story import CAST, Beat
from cunzhi.engine.spec.workflow import State, Transition, Workflow
from cunzhi.registry.roles import roles

INDENT = " " * 18


@dataclass(frozen=True)
class Happening:
    """One beat as it went. `words` are the messages that it brought, (who, sentence by language); `books` what it left
    in the books that it changed, by name."""

    beat: Beat
    workflow: Workflow | None = None
    way: Transition | None = None
    state: State | None = None
    waits_for: str = ""
    refused: Refused | None = None
    words: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    books: Mapping[str, int] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """One line, and a further one for everything that followed."""
        lines = [f"{self.beat.at.replace('T', ' ')}  {self._deed(language)}{self._standing(language)}"]
        if self.refused is not None:
            lines.append(INDENT + say("engine.story.refused", language, why=self.refused.say(language)))
        for who, sentence in self.words:
            told = {"who": person(who, language), "words": sentence["en" if language == "en" else "zh-hans"]}
            lines.append(INDENT + say("engine.story.told_line", language, **told))
        for book, left in self.books.items():
            lines.append(INDENT + say(f"engine.story.now.{book}", language, left=left))
        return "\n".join(lines)

    def _deed(self, language: str) -> str:
        if self.beat.sees is not None:
            seen = ", ".join(f"{name} {value:g}" for name, value in self.beat.sees.items())
            return say("engine.story.sees", language, seen=seen)
        if self.beat.by is None:
            return say("engine.story.time", language)
        who = person(self.beat.by, language)
        if self.beat.alarm is not None:
            return say(f"engine.story.alarm.{self.beat.alarm}", language, who=who, words=self.beat.reason)
        if self.beat.came is not None:
            return say("engine.story.came", language, who=who, came=self.beat.came)
        if self.beat.helping:
            who = say("engine.story.helping", language, who=who, helped=person(self.beat.helping, language))
        deed = self.way.title.in_(language) if self.way else self.beat.do or ""
        matter = self.workflow.title.in_(language) if self.workflow else self.beat.case
        return say("engine.story.deed", language, who=who, deed=deed, matter=matter)

    def _standing(self, language: str) -> str:
        if self.state is None:
            return ""
        state = self.state.title.in_(language)
        if not self.waits_for:
            return say("engine.story.stands", language, state=state)
        return say("engine.story.waits", language, state=state, whom=person(self.waits_for, language))


class StoryFailed(AssertionError):
    """What the story says is not what happened. `what` is one of Then's keys, `whose` says of whom or which."""

    def __init__(self, name: str, beat: Beat, *, what: str, whose: str, wanted: object, found: object) -> None:
        self.name, self.beat, self.what, self.whose = name, beat, what, whose
        self.wanted, self.found = wanted, found
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        what = say(f"engine.story.what.{self.what}", language, whose=self.whose)
        shown = {"wanted": _shown(self.wanted, language), "found": _shown(self.found, language)}
        return say("engine.story.failed", language, name=self.name, at=self.beat.at, what=what, **shown)


def person(name: str, language: str) -> str:
    """Somebody of the cast as people call them."""
    if name in CAST:
        return say(f"engine.story.cast.{name}", language)
    return roles()[name].title.in_(language) if name in roles() else name


def _shown(value: object, language: str) -> str:
    return say("engine.story.nothing", language) if value in (None, "") else str(value)
