"""The places among which a cadre chooses where somebody lives."""

from cunzhi.base import clock
from cunzhi.base.fields import under_any
from cunzhi.registry.models import Place
from cunzhi.registry.queries.places import holding, ours
from cunzhi.web.language import t
from cunzhi.web.request import Request

HOMES = (Place.Level.VILLAGE, Place.Level.GRID)
MOST = 1000


def homes(request: Request, verb: str) -> list[tuple[str, str]]:
    """The villages and grids where the reader may do `verb`, grids indented below their village."""
    return reached(request, verb, HOMES)


def reached(request: Request, verb: str, levels: tuple[str, ...]) -> list[tuple[str, str]]:
    """Places of these levels where the reader may do `verb`, as choices; one alone needs no choosing."""
    found = ours().filter(under_any(request.access.places(verb), "code"), holding(clock.today()), level__in=levels)
    rows = found.order_by("code").values_list("code", "name", "level")[:MOST]
    top = min((len(code) for code, _, _ in rows), default=0)
    choices = [(code, "　" * (len(code) > top) + name) for code, name, _ in rows]
    return choices if len(choices) == 1 else [("", t("web.form.choose")), *choices]
