"""Which place and which months a page of figures is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, QueryDict

from cunzhi.base import clock
from cunzhi.base.periods import Period, between
from cunzhi.lake.queries import SEE
from cunzhi.lake.window import LENGTHS, Level, Window
from cunzhi.registry.queries.places import LENGTHS as STEPS
from cunzhi.registry.queries.places import names_of, place
from cunzhi.web.figures.wording import month_in_words
from cunzhi.web.forms import Form
from cunzhi.web.language import later, t
from cunzhi.web.request import Request, account_of

PROVINCE = "50"
BACK = 36
"""How many months back one may look."""
BEFORE = 12
"""How many months a line shows before the last one."""


class MonthsForm(Form):
    """From which month to which."""

    first = forms.ChoiceField(label="web.figures.first")
    last = forms.ChoiceField(label="web.figures.last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Period.of(clock.today(), "month")
        for field in ("first", "last"):
            self.choose(field, [(str(one), _choice(one, now)) for one in (now, *islice(_back(now), BACK))])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("first", "") > given.get("last", "~"):
            self.add_error("last", later("web.figures.ends_before"))
        return given


@dataclass(frozen=True)
class Frame:
    """A place, its months, and the form in which others are chosen."""

    window: Window
    before: Window
    form: MonthsForm

    @property
    def place(self) -> str:
        return self.window.under

    @property
    def level(self) -> Level | None:
        """The level right below the place, by which figures are cut; a grid has none."""
        return next((level for level, length in LENGTHS.items() if length > max(len(self.place), 2)), None)

    @property
    def line(self) -> Window:
        """The months that a line shows: the chosen ones, or the last of them and the twelve before."""
        first = min(self.window.first, [*islice(_back(self.window.last), BEFORE)][-1])
        return Window(self.place, first, self.window.last)

    @property
    def months(self) -> list[Period]:
        return list(between(self.line.first, self.line.last))

    @property
    def count(self) -> int:
        return len(list(between(self.window.first, self.window.last)))

    def query(self, *, place_code: str | None = None, month: Period | None = None, level: str = "") -> str:
        """The part of an address that leads to a figure of this frame, or of one of its places or months."""
        first, last = (month, month) if month else (self.window.first, self.window.last)
        said = {"place": self.place if place_code is None else place_code, "first": str(first), "last": str(last)}
        return urlencode({**said, **({"level": level} if level else {})})


def frame_in(request: Request, *, verb: str = SEE) -> Frame:
    """What the address asks for; without one, the reader's own place and the last whole month.

    Forbidden where the reader may not do `verb`; months that make no sense are said in the form.
    """
    code = _place(request, verb)
    last = Period.of(clock.today(), "month").previous()
    chosen = {name: _sent(request).get(name) or str(last) for name in ("first", "last")}
    form = MonthsForm(chosen)
    if form.is_valid():
        return _frame(code, Period.parse(form.cleaned_data["first"]), Period.parse(form.cleaned_data["last"]), form)
    return _frame(code, last, last, form)


def _sent(request: Request) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _place(request: Request, verb: str) -> str:
    sent, reached = _sent(request), request.access.places(verb)
    if "place" not in sent and reached:
        return reached[0]
    code = sent.get("place") or str(account_of(request).person.place_code)
    request.access.require(verb, code)
    if code and place(code) is None:
        raise Http404(code)
    return code


def _frame(code: str, first: Period, last: Period, form: MonthsForm) -> Frame:
    months = len(list(between(first, last)))
    before = [*islice(_back(first), months)]
    return Frame(Window(code, first, last), Window(code, before[-1], before[0]), form)


def _back(period: Period) -> Iterator[Period]:
    """The months before one, the nearest first."""
    while True:
        period = period.previous()
        yield period


def _choice(month: Period, now: Period) -> str:
    return t("web.figures.so_far", month=month_in_words(month)) if month == now else month_in_words(month)


def path_to(request: Request, code: str, verb: str = SEE) -> list[tuple[str, str]]:
    """Names and codes from where the reader's right begins down to a place."""
    top = min((len(one) for one in request.access.places(verb) if code.startswith(one)), default=0)
    codes = [code[:length] for length in STEPS if top <= length <= len(code)]
    names = names_of(codes)
    return [(names[one], one) for one in codes]
