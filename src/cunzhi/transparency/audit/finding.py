"""What an audit finds, in words and for machines."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from cunzhi.transparency.audit.words import SENTENCES

Level = Literal["wrong", "doubt", "note"]
SIGNS: dict[Level, str] = {"wrong": "!!", "doubt": "??", "note": "--"}
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Finding:
    """`entry` is the number of the entry that it is about, where it is about one."""

    level: Level
    code: str
    entry: int | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def say(self, language: str) -> str:
        sentence = SENTENCES[self.code][LANGUAGES.index(language)]
        return sentence.format_map({"entry": self.entry, **self.params})


def wrong(code: str, entry: int | None = None, **params: Any) -> Finding:
    return Finding("wrong", code, entry, params)


def doubt(code: str, entry: int | None = None, **params: Any) -> Finding:
    return Finding("doubt", code, entry, params)


def note(code: str, entry: int | None = None, **params: Any) -> Finding:
    return Finding("note", code, entry, params)


@dataclass
class Report:
    """Everything found, and of which checkpoint it is said."""

    origin: str = ""
    size: int = 0
    root: str = ""
    witnesses: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(one.level == "wrong" for one in self.findings)

    def lines(self, language: str) -> list[str]:
        said = [f"{SIGNS[one.level]}  {one.say(language)}" for one in self.findings]
        count = sum(one.level == "wrong" for one in self.findings)
        last = "sum_wrong" if count else "sum_right"
        summed = SENTENCES[last][LANGUAGES.index(language)]
        return [*said, summed.format(origin=self.origin, size=self.size, root=self.root, count=count)]

    def as_json(self) -> dict[str, Any]:
        findings = [{**asdict(one), "text": one.say("en")} for one in self.findings]
        return {**asdict(self), "findings": findings, "wrong": self.is_wrong}
