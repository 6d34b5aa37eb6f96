"""The data elements that may be known, by code."""

from functools import cache

from cunzhi.catalogue.check import FOLDER, read_all
from cunzhi.catalogue.spec import Element


class UnknownElement(KeyError):
    """Code asks for an element that the catalogue does not have: a mistake of ours or of a scenario."""


@cache
def elements() -> dict[str, Element]:
    """Every element by code. A catalogue with a mistake in it does not load at all."""
    return read_all(FOLDER)


def element(code: str) -> Element:
    """One element, or UnknownElement."""
    try:
        return elements()[code]
    except KeyError:
        raise UnknownElement(code) from None
