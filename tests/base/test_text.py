"""Two languages, masks, nearest words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cunzhi.base.text import Text, mask_identity, mask_name, mask_phone, nearest


def test_text_speaks_both_languages() -> None:
    text = Text(zh_Hans="村务公开", en="Village affairs")
    assert text.in_("zh-hans") == "村务公开"
    assert text.in_("en") == text.in_("en-gb") == "Village affairs"
    assert text.in_("fr") == "村务公开"


@pytest.mark.parametrize(
    "words", [{"zh_Hans": "村"}, {"zh_Hans": "村", "en": "  "}, {"zh_Hans": "村", "en": "a", "de": "b"}]
)
def test_text_incomplete_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Text.model_validate(words)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张大明", "张**"), ("张明", "张*"), ("欧阳大明", "欧阳**"), ("欧阳明", "欧阳*"), ("欧阳", "欧*"),
        ("张", "*"), ("", ""),
        ("阿里·买买提", "阿*·买**"), ("阿里•买买提", "阿*•买**"), ("John Smith", "J*** S****"),
        (" 张大明 ", "张**"), ("𠮷田明", "𠮷**"),
    ],
)  # fmt: skip
def test_mask_name_keeps_the_surname_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("023-61234567", "023-****4567"), ("12345", "*****"), ("", "")],
)
def test_mask_phone_keeps_the_ends(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_mask_identity_keeps_the_ends() -> None:
    assert mask_identity("500113199001011234") == "5001**********1234"
    assert mask_identity("50011319") == "********"


@given(st.text("张大明欧阳阿里ab", min_size=1, max_size=8))
def test_mask_name_never_shows_a_whole_name(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert len(masked) == len(name)


def test_nearest_finds_a_slip_and_nothing_else() -> None:
    assert nearest("titel", ["title", "owner"]) == "title"
    assert nearest("xyz", ["title", "owner"]) is None
