"""Signed notes, checkpoints and cosignatures against the examples of their standards."""

import pytest
from transparency.logs import SIGNER, numbered

from cunzhi.transparency.checkpoints import Checkpoint, cosign, cosigned_at, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import COSIGNER, LOG, Key, Note, Signer, sign

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
WITNESS = Signer("witness.example/w1", COSIGNER, bytes(range(1, 33)))


def test_example_of_the_standard_is_accepted() -> None:
    key, note = Key.read(EXAMPLE_KEY), Note.read(EXAMPLE)
    assert note.signed_by(key) and str(key) == EXAMPLE_KEY and str(note) == EXAMPLE


def test_changed_text_is_not() -> None:
    with pytest.raises(Doubt, match=r"example\.com/foo"):
        Note.read(EXAMPLE.replace("message", "massage")).signed_by(Key.read(EXAMPLE_KEY))


def test_unknown_signatures_are_passed_over() -> None:
    signed = sign("text\n", SIGNER)
    both = Note.read(str(signed) + EXAMPLE.splitlines()[-1] + "\n")
    assert both.signed_by(SIGNER.key) and len(both.signatures) == 2
    assert not signed.signed_by(Key.read(EXAMPLE_KEY))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "te\txt\n\n— n AAAAAAAA\n",
        "a\n\n— n AAAAAAAA",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Doubt):
        Note.read(text)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "name",
        "name+00000000+AAAA",
        EXAMPLE_KEY.replace("530d", "530e"),
        EXAMPLE_KEY.replace("foo", "f oo"),
        EXAMPLE_KEY[:-4],
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Doubt):
        Key.read(key)


def test_checkpoint_is_read_back_and_of_its_log_only() -> None:
    log = numbered(5)
    note = Note.read(str(log.checkpoint()))
    assert opened(note, SIGNER.key) == Checkpoint(SIGNER.name, 5, opened(note, SIGNER.key).root)
    other = Signer("other.example/log", LOG, SIGNER.seed)
    with pytest.raises(Doubt) as doubt:
        opened(note, other.key)
    assert doubt.value.code == "other_log"
    renamed = Signer(SIGNER.name, LOG, bytes(32))
    with pytest.raises(Doubt) as doubt:
        opened(note, renamed.key)
    assert doubt.value.code == "unsigned"


@pytest.mark.parametrize(
    "text", ["log\n1\n", "log\n01\nAAAA\n", "log\n-1\nAAAA\n", "log\n1\nAAAA\n", "log\n1\n\nAAAA\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Doubt):
        Checkpoint.read(text)


def test_cosignature_says_when_and_fits_one_checkpoint() -> None:
    log = numbered(5)
    note = log.checkpoint()
    line = cosign(note, WITNESS, 1_700_000_000)
    assert cosigned_at(Note(note.text, (*note.signatures, line)), WITNESS.key) == 1_700_000_000
    assert cosigned_at(note, WITNESS.key) is None
    with pytest.raises(Doubt):
        cosigned_at(Note(log.checkpoint(4).text, (line,)), WITNESS.key)
