"""Printed numbers and table cells: what stands on paper, and the range of values that would be printed so."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from cunzhi.evaluation.audit.interval import Interval
from cunzhi.evaluation.errors import DataRefused

NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?"
ONE_NUMBER = re.compile(rf"(?P<number>{NUMBER})\s*(?P<percent>%?)")
CELL = re.compile(
    rf"(?P<number>{NUMBER}\s*%?)\s*(?P<stars>\**)\s*(?:[(\[]\s*(?P<bracket>{NUMBER})\s*[)\]])?\s*(?P<late>\**)"
)
BRACKET = re.compile(rf"[(\[]\s*(?P<bracket>{NUMBER})\s*[)\]]")
TAG = re.compile(r"<(?P<name>/?[A-Za-z]+)\s*/?>")
MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "＊": "*", "∗": "*"})


@dataclass(frozen=True)
class Place:
    """Where something is printed: a cell by table, row and column, or a sentence by its name and whereabouts."""

    table: str = ""
    row: str = ""
    column: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    text: as it stands. value: what its figures say. step: one unit of its last figure, zero for a count, which is
    exact. percent: whether a percent sign follows.
    """

    text: str
    value: Fraction
    step: Fraction
    percent: bool = False

    @property
    def interval(self) -> Interval:
        """All values that round to it, whichever way halves go."""
        return Interval(self.value - self.step / 2, self.value + self.step / 2)

    @property
    def cut_off(self) -> Interval:
        """All values of which it is left when further figures are cut off instead of rounded."""
        away = self.step if self.value >= 0 else -self.step
        return Interval.around((self.value, self.value + away))

    @property
    def decimals(self) -> int:
        """How many figures follow the point; negative for numbers with an exponent that end before it."""
        return len(str(1 / self.step)) - 1 if 0 < self.step <= 1 else 0

    def exact(self) -> "Printed":
        """The same as a count, which nobody rounds."""
        return Printed(self.text, self.value, Fraction(0), self.percent)


@dataclass(frozen=True)
class Cell:
    """One cell: its number with stars and what stands in brackets after it, or a word.

    bold: whether the source marks it bold, which in some notations is done with the same asterisks as stars.
    """

    place: Place
    text: str
    number: Printed | None = None
    stars: int = 0
    bracket: Printed | None = None
    bold: bool = False


def read_number(text: str) -> Printed:
    """A printed number: 0.342, 28,161, −0.056, 13.9%. Raises DataRefused for anything else."""
    plain = _plain(text)
    found = ONE_NUMBER.fullmatch(plain)
    if found is None or not any(figure.isdigit() for figure in plain):
        raise DataRefused(
            what=f"{text!r} cannot be read as a printed number",
            where="a number of a table or a sentence",
            how="write it as printed: figures, one point, commas between thousands, a percent sign when there is one",
        )
    figures = found["number"].replace(",", "")
    mantissa, _, exponent = figures.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Printed(text.strip(), Fraction(figures), Fraction(10) ** -decimals, found["percent"] == "%")


def read_cell(text: str, place: Place) -> Cell:
    """A cell as printed, with `<b>` or `**` where the source is bold. What is no number is kept as a word."""
    plain, bold = _without_markup(_plain(text))
    if found := BRACKET.fullmatch(plain):
        return Cell(place, plain, bracket=read_number(found["bracket"]), bold=bold)
    found = CELL.fullmatch(plain)
    if found is None or not any(figure.isdigit() for figure in found["number"]):
        return Cell(place, plain, bold=bold)
    bracket = read_number(found["bracket"]) if found["bracket"] else None
    stars = len(found["stars"]) + len(found["late"])
    return Cell(place, plain, read_number(found["number"]), stars, bracket, bold)


def _plain(text: str) -> str:
    """Full-width forms, odd minus signs, escaped asterisks and superscripts of TeX as their plain kin."""
    if text.count("$") >= 2:
        text = re.sub(r"[$^{}]", "", text.replace("\\ast", "*")).replace("* *", "**")
    return unicodedata.normalize("NFKC", text.replace("\\*", "*").translate(MINUS)).strip()


def _without_markup(text: str) -> tuple[str, bool]:
    """The text as a reader sees it, and whether any of it was bold."""
    names = {found["name"].lower() for found in TAG.finditer(text)}
    bold = bool(names & {"b", "strong"})
    bare = TAG.sub("", text).strip()
    if not bare.startswith("**"):
        return bare, bold
    inner = bare[2:]
    closing = inner.rfind("**")
    return (inner[:closing] + inner[closing + 2 :] if closing >= 0 else inner).strip(), True
