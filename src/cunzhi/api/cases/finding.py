"""Finds the one case that a request is about, without telling whether there is one that is hidden."""

from cunzhi.api.auth import Caller
from cunzhi.api.errors import NotThere
from cunzhi.base.errors import Refused
from cunzhi.base.numbers import NumberRefused
from cunzhi.engine.models import Case
from cunzhi.engine.queries.cases import case_by_number


def found_case(caller: Caller, number: str) -> Case:
    """The case, if the caller may see it; otherwise it is not there."""
    try:
        return case_by_number(number, caller.access)
    except NumberRefused as refused:
        raise NotThere(refused.code, field="number", **refused.params) from None
    except Refused:
        raise NotThere("engine.no_such_case", field="number", number=number[:40]) from None
