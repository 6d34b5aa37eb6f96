"""Sealed and blinded texts."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.base.vault import Vault, VaultRefused

PEPPER = b"sixteen bytes or more"
OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
VAULT = Vault([OLD], PEPPER)


@given(st.text())
def test_open_gives_back_what_was_sealed(text: str) -> None:
    assert VAULT.open(VAULT.seal(text)) == text


def test_seal_same_text_looks_different_each_time() -> None:
    sealed = VAULT.seal("13812345678")
    assert "138" not in sealed
    assert sealed != VAULT.seal("13812345678")


def test_open_with_a_new_first_key_still_works_until_the_old_one_goes() -> None:
    sealed = VAULT.seal("张大明")
    both = Vault([NEW, OLD], PEPPER)
    assert both.open(sealed) == "张大明"
    assert Vault([NEW], PEPPER).open(both.rotate(sealed)) == "张大明"
    with pytest.raises(VaultRefused) as refused:
        Vault([NEW], PEPPER).open(sealed)
    assert "key" in refused.value.say("en")


@pytest.mark.parametrize(
    "sealed", ["", "张", "not sealed at all", pytest.param(VAULT.seal("x")[:-4] + "AAA=", id="changed")]
)
def test_open_what_was_never_sealed_or_was_changed_is_refused(sealed: str) -> None:
    with pytest.raises(VaultRefused, match="None of the keys"):
        VAULT.open(sealed)


@pytest.mark.parametrize(
    ("keys", "pepper", "code"),
    [
        ([], PEPPER, "no_key"),
        ([OLD, b"short"], PEPPER, "key"),
        ([b"\xff" * 44], PEPPER, "key"),
        ([OLD], b"salt", "pepper"),
    ],
)
def test_vault_with_bad_settings_is_refused(keys: list[bytes], pepper: bytes, code: str) -> None:
    with pytest.raises(VaultRefused) as refused:
        Vault(keys, pepper)
    assert refused.value.code == f"base.vault.{code}"
    assert refused.value.say("zh-hans")


def test_blind_finds_the_same_value_however_it_is_typed() -> None:
    blind = VAULT.blind("51022319620315002X", purpose="identity")
    assert (
        blind
        == VAULT.blind(" 510223 19620315 002x", purpose="identity")
        == VAULT.blind("５１０２２３１９６２０３１５００２Ｘ", purpose="identity")
    )
    assert len(blind) == 64
    assert "510223" not in blind


def test_blind_differs_by_purpose_and_pepper_but_not_by_key() -> None:
    blind = VAULT.blind("1", purpose="phone")
    assert blind != VAULT.blind("1", purpose="identity")
    assert blind != Vault([OLD], PEPPER + b"!").blind("1", purpose="phone")
    assert blind == Vault([NEW], PEPPER).blind("1", purpose="phone")
    assert VAULT.blind("b", purpose="a") != VAULT.blind("ab", purpose="")
