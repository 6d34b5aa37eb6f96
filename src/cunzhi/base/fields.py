"""The database column of a division code, and the search for all that lies under one."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    Text = models.CharField[str, str]
    LongText = models.TextField[str, str]
else:
    Text = models.CharField
    LongText = models.TextField


def by_code_point(connection: Any) -> str:
    """The collation under which text compares character by character, whatever the server's language."""
    return "C" if connection.vendor == "postgresql" else "BINARY"


class CodePointField(LongText):
    """Text that compares and sorts by code point, on both databases alike."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = by_code_point(connection)
        return parameters


class PlaceCodeField(Text):
    """A division code of up to 15 digits, compared byte by byte so that a prefix is a range of its index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 15
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        parameters["collation"] = by_code_point(connection)
        return parameters


def next_prefix(code: str) -> str:
    """The first string after all that start with `code`: '500113' -> '500114', '509' -> '50:'."""
    return code[:-1] + chr(ord(code[-1]) + 1)


def under(code: str, field: str = "place_code") -> Q:
    """Rows that lie at `code` or anywhere below it; the empty code is everywhere."""
    if not code:
        return Q()
    return Q(**{f"{field}__gte": code, f"{field}__lt": next_prefix(code)})


def under_any(codes: list[str], field: str = "place_code") -> Q:
    """Rows under any of the codes; none when there are none."""
    condition = Q(pk__in=[])
    for code in codes:
        condition = under(code, field) if condition == Q(pk__in=[]) else condition | under(code, field)
    return condition
