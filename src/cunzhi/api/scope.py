"""Asks the one check of rights in the ways in which lists need it."""

from cunzhi.registry.access import Access


def require_part(access: Access, verb: str, place_code: str) -> None:
    """Forbidden unless the caller may do `verb` at the place, or somewhere below it: a list then shows that part."""
    places = access.places(verb)
    if not any(place_code.startswith(one) or one.startswith(place_code) for one in places):
        access.require(verb, place_code)
