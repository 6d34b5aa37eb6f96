"""PAPER.yaml: a paper as printed."""

from cunzhi.base.text import Words
from cunzhi.studies.audit.spec.relation import RelationOf
from cunzhi.studies.audit.spec.sentence import Claim
from cunzhi.studies.audit.spec.table import Panel, Spec, Table


class Paper(Spec):
    """A paper as printed. source: title, authors, place and licence, for whoever reads the audit."""

    title: Words
    authors: Words
    source: Words
    panel: Panel | None = None
    tables: dict[str, Table]
    relations: list[RelationOf] = []
    claims: list[Claim] = []
