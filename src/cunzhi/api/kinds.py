"""The kinds of values that several operations take: codes of places, keys of requests, words."""

import hashlib
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

YEARS = range(1900, 2200)


def _of_our_time(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(f"the year lies outside {YEARS.start} to {YEARS.stop - 1}")
    return moment


PlaceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,15}$")]
"""Any division or grid."""
AnyPlace = Annotated[str, StringConstraints(pattern=r"^([0-9]{2,15})?$")]
"""The same, or everywhere when it is empty."""
VillageCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{12}|[0-9]{15})$")]
"""A village or one of its grids: where matters lie."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,38}$")]
"""A name inside a scenario, or of one."""
CaseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,40}$")]
"""The short number of a matter, such as 26-0043-P."""
RequestKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{8,80}$")]
"""What a client calls one thing that it wants done, such as a UUID."""
PeriodText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?$")]
"""A year, quarter or month."""
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]{0,120}$")]
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A moment with its time zone, in a year that databases can turn into UTC."""
SmallNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Body(Schema):
    """What is sent. A key that we do not know is refused, so that a mistyped one is an error and never silence."""

    model_config = {"extra": "forbid"}


def request_key(person_id: int, about: str, key: str) -> str:
    """A client's key, made one that no other person's and no other matter's key can be."""
    return f"api-{hashlib.sha256(f'{person_id}|{about}|{key}'.encode()).hexdigest()}"
