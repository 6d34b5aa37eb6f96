"""A file of rules in strict YAML: every mistake is named with its line."""

from collections.abc import Container
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cunzhi.alarms.models import Rule
from cunzhi.base import strict_yaml
from cunzhi.base.errors import Refused
from cunzhi.base.text import Text

MOST = 200
LONGEST = 64 * 1024
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,38}$")]


class RuleSpec(BaseModel):
    """One rule. `observed` is the name of the observed property; `limit` is in the unit of its datastreams."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    name: Name
    title: Text
    hazard: str
    observed: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    kind: Literal["threshold", "duration", "rate", "repetition", "several", "silence"]
    colour: Literal["blue", "yellow", "orange", "red"]
    below: bool = False
    limit: float | None = None
    calm_limit: float | None = None
    minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    count: int = Field(default=1, ge=1, le=1000)
    basis: Annotated[str, StringConstraints(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def says_what_its_kind_needs(self) -> "RuleSpec":
        if self.kind != "silence" and self.limit is None:
            raise ValueError(f"{self.name}: a rule of this kind needs `limit`")
        if self.kind in ("duration", "rate", "repetition", "several") and self.minutes == 0:
            raise ValueError(f"{self.name}: a rule of this kind needs `minutes`")
        if self.kind in ("repetition", "several") and self.count < 2:
            raise ValueError(f"{self.name}: a rule of this kind needs `count` of two or more")
        if self.limit is not None and self.calm_limit is not None:
            calm_beyond = self.calm_limit < self.limit if self.below else self.calm_limit > self.limit
            if calm_beyond:
                raise ValueError(f"{self.name}: `calm_limit` lies on the dangerous side of `limit`")
        return self

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the row."""
        kept = self.model_dump(exclude={"title"})
        return kept | {"title": self.title.zh_Hans[:60], "title_en": self.title.en[:80], "kind": Rule.Kind(self.kind)}


class RulesFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[RuleSpec, ...] = Field(min_length=1, max_length=MOST)


def read_rules(text: str, *, name: str, known: Container[str]) -> tuple[RuleSpec, ...]:
    """The rules of a file, or Refused with the first lines that are wrong."""
    if len(text) > LONGEST:
        raise Refused("alarms.rule.file_long", field="file", most=LONGEST // 1024)
    try:
        rules = strict_yaml.load_as(RulesFile, text, name=name).rules
    except strict_yaml.YamlRefused as refused:
        said = "; ".join(str(one) for one in refused.problems[:5])
        raise Refused("alarms.rule.file", field="file", said=said) from None
    for one in rules:
        if one.hazard not in known:
            raise Refused("alarms.rule.hazard", field="file", name=one.name, hazard=one.hazard)
    names = [one.name for one in rules]
    if len(set(names)) < len(names):
        raise Refused("alarms.rule.twice", field="file")
    return rules
