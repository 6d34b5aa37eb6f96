"""Identity numbers, phones and credit codes. All numbers here are made up."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from cunzhi.base import clock
from cunzhi.base.identity import Identity, IdentityRefused, check_credit_code, check_identity, check_phone

CREDIT_CODE = "91110000600037341L"


def numbered(first_17: str) -> str:
    return first_17 + str(ric.calc_check_digit(first_17 + "0"))


BORN_1990 = numbered("50022219900101123")


def test_check_identity_reads_what_the_number_says() -> None:
    assert check_identity(numbered("51022319620315002")) == Identity(
        number=numbered("51022319620315002"), born=date(1962, 3, 15), sex="female", address_code="510223"
    )


def test_check_identity_takes_what_people_type() -> None:
    number = next(n for n in (numbered(f"5102231962031500{d}") for d in range(10)) if n.endswith("X"))
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    for typed in (number.lower(), f" {number[:6]} {number[6:14]} {number[14:]} ", full_width, full_width.lower()):
        assert check_identity(typed).number == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "length"),
        (BORN_1990[:-1], "length"),
        (BORN_1990 + "1", "length"),
        ("510223620315002", "old"),
        ("5O0222199001011234", "characters"),
        ("50022219900101X234", "characters"),
        ("五00222199001011234", "characters"),
        (numbered("50022219900230123"), "date"),
        (numbered("50022219901301123"), "date"),
        (numbered("50022220990101123"), "future"),
        (numbered("50022218500101123"), "too_old"),
        (BORN_1990[:-1] + ("0" if BORN_1990[-1] != "0" else "1"), "check"),
    ],
)
def test_check_identity_refuses_with_its_reason(number: str, code: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        check_identity(number)
    assert refused.value.code == f"base.identity.{code}"
    assert refused.value.say("zh-hans")
    assert number not in refused.value.say("en") or not number


def test_check_identity_day_of_birth_is_judged_by_the_clock() -> None:
    tomorrow = numbered("50022220260702123")
    with clock.at(datetime(2026, 7, 1, 15, 59, tzinfo=UTC)), pytest.raises(IdentityRefused):
        check_identity(tomorrow)
    with clock.at(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)):
        assert check_identity(tomorrow).born == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("first_17", "warnings"),
    [
        ("50015720260301001", ()),
        ("50010519980301001", ()),
        ("50022219900101123", ("base.identity.address_other_time",)),
        ("50015719900301001", ("base.identity.address_other_time",)),
        ("99999919900301001", ("base.identity.address_unknown",)),
        ("50999919900301001", ("base.identity.address_unknown",)),
    ],
)
def test_check_identity_odd_division_is_only_a_warning(first_17: str, warnings: tuple[str, ...]) -> None:
    with clock.at(datetime(2026, 11, 22, tzinfo=UTC)):
        assert check_identity(numbered(first_17)).warnings == warnings


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_check_identity_one_wrong_character_is_refused(place: int, wrong: str) -> None:
    typed = BORN_1990[:place] + wrong + BORN_1990[place + 1 :]
    if typed == BORN_1990:
        assert check_identity(typed).number == BORN_1990
    else:
        with pytest.raises(IdentityRefused):
            check_identity(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"), (" 138 1234 5678 ", "13812345678"), ("138-1234-5678", "13812345678"),
        ("+8613812345678", "13812345678"), ("+86 138 1234 5678", "13812345678"), ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"), ("１３８１２３４５６７８", "13812345678"),
        ("（023）61234567", "023-61234567"),
        ("023-61234567", "023-61234567"), ("02361234567", "023-61234567"), ("+86 23 61234567", "023-61234567"),
        ("0086 023 61234567", "023-61234567"), ("010-65001234", "010-65001234"), ("0831-2345678", "0831-2345678"),
    ],
)  # fmt: skip
def test_check_phone_puts_it_in_one_form(typed: str, number: str) -> None:
    assert check_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1381234567", "shape"), ("138123456789", "shape"), ("12812345678", "shape"), ("61234567", "shape"),
        ("023-612345", "shape"), ("023-11234567", "shape"), ("110", "shape"), ("", "characters"), ("无", "characters"),
        ("+4915112345678", "shape"), ("023-61234567转8", "characters"),
    ],
)  # fmt: skip
def test_check_phone_refuses_what_cannot_be_called(typed: str, code: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        check_phone(typed)
    assert refused.value.code == f"base.phone.{code}"
    assert refused.value.say("zh-hans")


def test_check_credit_code_takes_what_people_type() -> None:
    assert check_credit_code(" 91110000 6000 37341l ") == CREDIT_CODE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (CREDIT_CODE[:-1], "length"),
        ("9111000060003734IL", "characters"),
        ("91110000600037341A", "check"),
        ("", "length"),
    ],
)
def test_check_credit_code_refuses_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        check_credit_code(typed)
    assert refused.value.code == f"base.credit_code.{code}"
    assert refused.value.say("zh-hans")
