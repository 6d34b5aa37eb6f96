"""Two deployments witness each other: what the standard says is answered, and nothing inconsistent is ever signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transparency.logs import SIGNER, Small, numbered

from cunzhi.journal.asking import ask_witnesses
from cunzhi.journal.kept import kept_file
from cunzhi.journal.log import policy, witness_signer
from cunzhi.journal.models import Cosignature, Witnessed
from cunzhi.journal.queries import head_for, newest_head, published
from cunzhi.journal.sealing import seal
from cunzhi.journal.witnessing import cosigned
from cunzhi.transparency import web
from cunzhi.transparency.checkpoints import Checkpoint, cosign, cosigned_at, cosigners
from cunzhi.transparency.merkle import EMPTY, Hash, consistency
from cunzhi.transparency.notes import COSIGNER, LOG, Note, Signer, signature
from cunzhi.transparency.witness import Answer, Request

pytestmark = pytest.mark.django_db
LOG_OF_OTHERS = numbered(20)


@pytest.fixture
def known(home: Path) -> Path:
    (home / "witness.policy").write_text(f"log {SIGNER.key}\nquorum none\n")
    return home


def asked(log: Small, old: int, size: int, proof: list[Hash] | None = None) -> bytes:
    proof = consistency(old, size, log.read) if proof is None else proof
    return str(Request(old, tuple(proof), log.checkpoint(size))).encode()


def answer(body: bytes) -> Answer:
    with pytest.raises(Answer) as raised:
        cosigned(body)
    return raised.value


def test_growth_is_signed_step_by_step(known: Path) -> None:
    for old, size in ((0, 5), (5, 12), (12, 12), (12, 20)):
        line = signature(cosigned(asked(LOG_OF_OTHERS, old, size)).strip())
        note = LOG_OF_OTHERS.checkpoint(size)
        assert cosigned_at(Note(note.text, (line,)), witness_signer().key)
    assert list(Witnessed.objects.order_by("size").values_list("size", flat=True)) == [5, 12, 20]


def test_other_size_is_told(known: Path) -> None:
    cosigned(asked(LOG_OF_OTHERS, 0, 5))
    told = answer(asked(LOG_OF_OTHERS, 0, 12))
    assert (told.status, told.body, told.content_type) == (409, "5\n", "text/x.tlog.size")


def test_fork_is_not_signed(known: Path) -> None:
    cosigned(asked(LOG_OF_OTHERS, 0, 5))
    fork = Small([*LOG_OF_OTHERS.entries[:4], b"forged", *LOG_OF_OTHERS.entries[5:]])
    for body in (
        asked(fork, 5, 12),
        asked(fork, 5, 5, []),
        asked(LOG_OF_OTHERS, 5, 12, []),
        asked(fork, 5, 12, [EMPTY]),
    ):
        assert answer(body).status == 422
    assert Witnessed.objects.count() == 1


def test_proof_from_nothing_and_empty_trees(known: Path) -> None:
    assert answer(asked(LOG_OF_OTHERS, 0, 5, [EMPTY])).status == 422
    wrong = Checkpoint(SIGNER.name, 0, bytes(32)).signed(SIGNER)
    assert answer(str(Request(0, (), wrong)).encode()).status == 422


def test_unknown_log_and_bad_signature(known: Path) -> None:
    other = Small(LOG_OF_OTHERS.entries, Signer("unknown.example/log", LOG, bytes(32)))
    assert answer(asked(other, 0, 5)).status == 404
    forged = Small(LOG_OF_OTHERS.entries, Signer(SIGNER.name, LOG, bytes(32)))
    assert answer(asked(forged, 0, 5)).status == 403
    body = asked(LOG_OF_OTHERS, 0, 5)
    assert answer(body.replace(b"\n5\n", b"\n6\n")).status == 403


@pytest.mark.parametrize("body", [b"", b"old 1", b"old x\n\n", b"\xff", b"old 01\n\nlog\n1\nx\n\n"])
def test_what_is_no_request_is_refused(known: Path, body: bytes) -> None:
    assert answer(body).status == 400


def test_smaller_than_the_old_size(known: Path) -> None:
    assert answer(asked(LOG_OF_OTHERS, 7, 5, [])).status == 400


class Witness:
    """A witness on the other end of the line."""

    def __init__(self, name: str) -> None:
        self.signer = Signer(name, COSIGNER, name.encode().ljust(32, b"."))
        self.size, self.asked, self.down = 0, 0, False

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.down:
            raise web.Unreachable(url)
        request = Request.read(body)
        if request.old != self.size:
            return 409, f"{self.size}\n".encode()
        self.size = Checkpoint.read(request.checkpoint.text).size
        return 200, str(cosign(request.checkpoint, self.signer, 1_700_000_000)).encode()


@pytest.mark.django_db(transaction=True)
def test_our_checkpoints_are_witnessed(acts: Callable[[int], list[int]], home: Path, monkeypatch: Any) -> None:
    first, second = Witness("w1.example"), Witness("w2.example")
    lines = [f"witness {name} {one.signer.key} https://{name}.example" for name, one in (("a", first), ("b", second))]
    (home / "log.policy").write_text("\n".join([*lines, "group both all a b", "quorum both", ""]))
    by_address = {"https://a.example/add-checkpoint": first, "https://b.example/add-checkpoint": second}
    monkeypatch.setattr(web, "post", lambda url, body: by_address[url].post(url, body))
    acts(3)
    seal()
    assert ask_witnesses() == (2, {}) and ask_witnesses() == (0, {})
    acts(3)
    seal()
    second.down = True
    signed, failed = ask_witnesses()
    assert signed == 1 and list(failed) == ["b"]
    head = newest_head()
    assert head is not None and [key.name for key in cosigners(published(head), policy().keys())] == ["w1.example"]
    enough = head_for(0)
    assert enough is not None and enough.size == 3  # the newest that both have signed
    second.down, second.size = False, 3
    assert ask_witnesses()[0] == 1 and (found := head_for(0)) is not None and found.size == 6
    assert Cosignature.objects.count() == 4 and kept_file().exists()
