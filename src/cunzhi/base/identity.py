"""Identity numbers, phones and credit codes as people write them: put in one form, or refused with the reason."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from cunzhi.base import clock
from cunzhi.base.errors import Refused

Sex = Literal["male", "female"]
OLDEST = 130
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<number>[2-8][0-9]{6,7})")
COUNTRY_PREFIX = re.compile(r"(\+86|0086|86(?=1[3-9][0-9]{9}$))0?")


class IdentityRefused(Refused, ValueError):
    """A number that says who somebody is, or how to reach them, cannot be right."""


@dataclass(frozen=True)
class Identity:
    """What an identity number says. `warnings` are keys of messages: odd, but no reason to refuse."""

    number: str
    born: date
    sex: Sex
    address_code: str
    warnings: tuple[str, ...] = ()


def check_identity(number: str) -> Identity:
    """Reads an 18-character identity number; length, characters, date and check character must be right."""
    number = _tidy(number).upper()
    _refuse_shape(number)
    born = _born(number)
    if ric.calc_check_digit(number) != number[-1]:
        raise IdentityRefused("base.identity.check")
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return Identity(number, born, sex, number[:6], _address_warnings(number[:6], born.year))


def check_phone(number: str) -> str:
    """A mobile as 11 figures, a landline as area code, dash and number; anything else is refused."""
    written = re.sub(r"[()\-‐–—.]", "", _tidy(number))
    domestic = COUNTRY_PREFIX.match(written)
    if domestic:
        rest = written[domestic.end() :]
        written = rest if MOBILE.fullmatch(rest) else f"0{rest}"
    if MOBILE.fullmatch(written):
        return written
    landline = LANDLINE.fullmatch(written)
    if landline:
        return f"{landline['area']}-{landline['number']}"
    if not re.fullmatch(r"\+?[0-9]+", written):
        raise IdentityRefused("base.phone.characters")
    raise IdentityRefused("base.phone.shape", length=len(written))


def check_credit_code(code: str) -> str:
    """A unified social credit code of 18 characters with the right check character."""
    try:
        return str(uscc.validate(_tidy(code)))
    except InvalidLength:
        raise IdentityRefused("base.credit_code.length", length=len(_tidy(code))) from None
    except InvalidChecksum:
        raise IdentityRefused("base.credit_code.check") from None
    except ValidationError:
        raise IdentityRefused("base.credit_code.characters") from None


def _tidy(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _refuse_shape(number: str) -> None:
    if re.fullmatch("[0-9]{15}", number):
        raise IdentityRefused("base.identity.old")
    if len(number) != 18:
        raise IdentityRefused("base.identity.length", length=len(number))
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        raise IdentityRefused("base.identity.characters")


def _born(number: str) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdentityRefused("base.identity.date", digits=number[6:14]) from None
    today = clock.today()
    if born > today:
        raise IdentityRefused("base.identity.future", born=born)
    if today.year - born.year > OLDEST:
        raise IdentityRefused("base.identity.too_old", born=born, oldest=OLDEST)
    return born


def _address_warnings(code: str, year: int) -> tuple[str, ...]:
    """Codes come and go and registrations come late, so an odd code is for a person to look at."""
    spans = [part.get("county", "") for _, part in numdb.get("cn/loc").info(code) if "county" in part]
    if not spans:
        return ("base.identity.address_unknown",)
    if not any(_existed(span, year) for span in spans[0].split(",")):
        return ("base.identity.address_other_time",)
    return ()


def _existed(span: str, year: int) -> bool:
    """Whether '[1997-2025]江北区' held in a year."""
    match = re.match(r"\[([0-9]*)-([0-9]*)\]", span)
    return match is None or int(match[1] or 0) <= year <= int(match[2] or 9999)
