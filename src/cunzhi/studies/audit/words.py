"""The sentences of an audit in Chinese and English: the part `audit` of the studies' messages."""

import re
from collections.abc import Mapping

from cunzhi.base.messages import catalogue, fill
from cunzhi.evaluation.audit.check import Check
from cunzhi.evaluation.audit.printed import Place

TRANSLATED = {"wanted", "fitting", "under", "against"}
"""Blanks that name formulas and distributions."""


PART = "studies.audit."


def sentence(key: str, language: str, **blanks: object) -> str:
    """The sentence under a key of this part with its blanks filled."""
    return fill(catalogue(language)[PART + key], language, blanks)


def said(check: Check, language: str) -> str:
    """What a check found."""
    return fill(catalogue(language)[f"{PART}found.{check.key}"], language, _spoken(check.blanks, language))


def explained(check: Check, language: str) -> list[str]:
    """What may explain it."""
    return [sentence(f"because.{reason}", language) for reason in check.because]


def placed(place: Place, language: str) -> str:
    """Where it stands."""
    if place.sentence:
        return sentence("place.sentence", language, sentence=place.sentence)
    return sentence("place.cell", language, table=place.table, row=place.row, column=place.column)


def in_words(text: str, language: str) -> str:
    """Names of formulas and distributions inside a text, in the reader's language."""
    head = f"{PART}term."
    terms = {key.removeprefix(head): word for key, word in catalogue(language).items() if key.startswith(head)}
    return re.sub(rf"\b({'|'.join(terms)})\b", lambda found: terms[found[0]], text)


def _spoken(blanks: Mapping[str, object], language: str) -> dict[str, object]:
    """Blanks with the words of formulas and distributions translated, and what depends on whether there is anything."""
    spoken = dict(blanks)
    spoken |= {name: in_words(str(blanks[name]), language) for name in TRANSLATED & blanks.keys()}
    spoken["stars_or_none"] = spoken.get("stars") or sentence("report.none", language)
    elsewhere = blanks.get("elsewhere")
    spoken["elsewhere_said"] = f" [{elsewhere}]" if elsewhere else ""
    return spoken
