"""Codes of ballot sheets: sixteen figures of which the last one tells a slip of the pen, kept only as keyed hashes."""

import secrets
import unicodedata

from stdnum import damm

from cunzhi.base.errors import Refused
from cunzhi.registry.vault import vault

FIGURES = 16
GROUP = 4
PURPOSE = "ballot"


def new_codes(count: int) -> list[str]:
    """So many different codes that nobody can guess: fifteen figures by chance, one to check them."""
    found: set[str] = set()
    while len(found) < count:
        drawn = f"{secrets.randbelow(10 ** (FIGURES - 1)):0{FIGURES - 1}}"
        found.add(drawn + str(damm.calc_check_digit(drawn)))
    return sorted(found, key=lambda _: secrets.randbits(64))


def read_code(typed: str) -> str:
    """A code as people type it, in one form; one that cannot be right is told apart from one that is not known."""
    code = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign not in " -–—_.\t\r\n")
    if not code:
        raise Refused("deliberation.code.missing", field="code")
    if not (code.isdecimal() and code.isascii()):
        raise Refused("deliberation.code.figures", field="code")
    if len(code) != FIGURES:
        raise Refused("deliberation.code.length", field="code", length=len(code), wanted=FIGURES)
    if not damm.is_valid(code):
        raise Refused("deliberation.code.slip", field="code")
    return code


def grouped(code: str) -> str:
    """As it is printed: 1234 5678 9012 3456."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def hashed(topic_id: int, code: str) -> str:
    """What is kept of a code; without the installation's pepper nobody gets from here to the code."""
    return vault().blind(f"{topic_id}:{code}", purpose=PURPOSE)
