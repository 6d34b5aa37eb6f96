"""Whether a value fits its element, and how it is kept."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from cunzhi.base.errors import Refused
from cunzhi.base.messages import say
from cunzhi.catalogue.spec import Element

LONGEST_TEXT = 200


class ValueRefused(Refused, ValueError):
    """A value does not fit its element. Title and choices are said in the reader's language."""

    def __init__(self, key: str, element: Element, **params: object) -> None:
        self.element = element
        super().__init__(f"catalogue.value.{key}", field=element.code, **params)

    def say(self, language: str) -> str:
        choices = ", ".join(f"{choice.name} ({choice.title.in_(language)})" for choice in self.element.choices)
        return say(self.code, language, title=self.element.title.in_(language), choices=choices, **self.params)


def check_value(element: Element, value: Any) -> Any:
    """The value in the form in which facts keep it (JSON: dates and decimals as text), or ValueRefused."""
    match element.type:
        case "text":
            return _text(element, value)
        case "integer":
            return _integer(element, value)
        case "decimal":
            return _decimal(element, value)
        case "date":
            return _date(element, value)
        case "select_one":
            return _choice(element, value)
        case "select_multiple":
            return _choices(element, value)


def _text(element: Element, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueRefused("text", element)
    text, longest = " ".join(value.split()), element.longest or LONGEST_TEXT
    if len(text) > longest:
        raise ValueRefused("too_long", element, longest=longest)
    return text


def _number(element: Element, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueRefused("number", element, value=value)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueRefused("number", element, value=value) from None
    if not number.is_finite():
        raise ValueRefused("number", element, value=value)
    if element.least is not None and number < Decimal(str(element.least)):
        raise ValueRefused("too_small", element, value=number, least=element.least)
    if element.most is not None and number > Decimal(str(element.most)):
        raise ValueRefused("too_great", element, value=number, most=element.most)
    return number


def _integer(element: Element, value: Any) -> int:
    number = _number(element, value)
    if number != number.to_integral_value():
        raise ValueRefused("whole", element, value=value)
    return int(number)


def _decimal(element: Element, value: Any) -> str:
    number = _number(element, value).normalize()
    return f"{number:f}"


def _date(element: Element, value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError:
        raise ValueRefused("date", element, value=value) from None


def _choice(element: Element, value: Any) -> str:
    if not isinstance(value, str) or element.choice(value) is None:
        raise ValueRefused("choice", element, value=value)
    return value


def _choices(element: Element, value: Any) -> list[str]:
    """XLSForm writes several answers with blanks between them; a list is taken too. Kept in the catalogue's order."""
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, list | tuple | set | frozenset):
        raise ValueRefused("choice", element, value=value)
    chosen = {_choice(element, one) for one in given}
    return [choice.name for choice in element.choices if choice.name in chosen]
