"""manifest.yaml: what a scenario is, on which law it rests, who takes part, what it keeps."""

from datetime import date
from typing import Literal

from pydantic import Field

from cunzhi.base.text import Text
from cunzhi.engine.spec.base import Name, Spec


class Basis(Spec):
    """A law, standard or document on which the scenario rests, with its number and day."""

    title: Text
    number: str = ""
    date: date
    source: str = ""


class PersonalData(Spec):
    """One kind of personal data that the scenario keeps, and why. Without a purpose nothing personal is kept."""

    what: Text
    why: Text


class Manifest(Spec):
    """What a scenario is. `version` rises with every change of the folder; running cases stay on theirs.

    books: the ledger books that its effects may post in; their accounts are the ledger's charts.
    days_kept: days after a case's closing until its answers and pictures are erased.
    open311: whether the public may report through the Open311 API, and which workflow takes the reports.
    """

    slug: Name
    version: int = Field(ge=1)
    title: Text
    summary: Text
    pillar: Literal["party", "law", "virtue", "none"]
    owner: Text
    basis: list[Basis] = Field(min_length=1)
    roles: list[str]
    books: list[Literal["points", "goods", "money"]] = []
    personal_data: list[PersonalData]
    days_kept: int = Field(ge=30, le=36500)
    open311: Name | None = None
