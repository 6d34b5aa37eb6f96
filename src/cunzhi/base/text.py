"""Words in two languages, names and numbers with their private part hidden, and the nearest known word."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

COMPOUND_SURNAMES = """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
    拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 第五
"""
NAME_DOTS = "·•・‧."


class Text(BaseModel):
    """The same words in Chinese and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh_Hans: Words  # noqa: N815 - the name of the language
    en: Words

    def in_(self, language: str) -> str:
        """The words in a language as Django spells it: 'en' and its kin, otherwise Chinese."""
        return self.en if language.startswith("en") else self.zh_Hans


def mask_name(name: str) -> str:
    """What a notice board may show: 张大明 -> 张**, 欧阳明 -> 欧阳*, 阿里·买买提 -> 阿*·买**, John Ma -> J*** M*."""
    name = " ".join(name.split())
    dot = next((dot for dot in NAME_DOTS if dot in name), " ")
    parts = name.split(dot)
    if len(parts) > 1:
        return dot.join(_keep_first(part, 1) for part in parts)
    kept = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES.split() else 1
    return _keep_first(name, kept)


def mask_phone(phone: str) -> str:
    """The first three and last four figures: 13812345678 -> 138****5678, 023-61234567 -> 023-****4567."""
    area, dash, number = phone.rpartition("-")
    if dash:
        return f"{area}-{_hide(number, first=0, last=4)}"
    return _hide(phone, first=3, last=4)


def mask_identity(number: str) -> str:
    """The county's first four and the last four characters: 5001**********1234."""
    return _hide(number, first=4, last=4)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is near enough."""
    found = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return found[0] if found else None


def _keep_first(name: str, count: int) -> str:
    if len(name) <= count:
        return "*" * len(name)
    return name[:count] + "*" * (len(name) - count)


def _hide(number: str, *, first: int, last: int) -> str:
    hidden = len(number) - first - last
    if hidden < 1:
        return "*" * len(number)
    return number[:first] + "*" * hidden + number[-last:]
