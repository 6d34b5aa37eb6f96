"""Anybody checks us: files at the standard's paths, and a page that says true, altered or unknown."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from guards import unguarded
from journal.conftest import BY, VILLAGE
from journal.conftest import acts as acts
from journal.conftest import home as home
from transparency.logs import SIGNER, numbered
from web.village import make_places

from cunzhi.base import clock
from cunzhi.journal.actions import note
from cunzhi.journal.asking import ask_witnesses
from cunzhi.journal.log import current_log, witness_signer
from cunzhi.journal.models import Leaf
from cunzhi.journal.sealing import seal
from cunzhi.journal.signing import begin_again
from cunzhi.transparency.audit.run import audit
from cunzhi.transparency.audit.source import source_of
from cunzhi.transparency.checkpoints import cosigned_at, opened
from cunzhi.transparency.merkle import consistency, root_of
from cunzhi.transparency.notes import Key, Note
from cunzhi.transparency.policy import Policy
from cunzhi.transparency.proofs import Proof
from cunzhi.transparency.tiles import bundles_of, split, tiles_of, unbundle
from cunzhi.transparency.web import Unreachable
from cunzhi.transparency.witness import Request

ACCOUNTS = "2026年3月财务公开：收入 1200 元，支出 800 元。".encode()
DIGEST = hashlib.sha256(ACCOUNTS).hexdigest()


@pytest.fixture
def noted(acts: Callable[[int], list[int]]) -> int:
    """300 acts, and one file that everybody may have."""
    make_places()
    acts(300)
    with transaction.atomic():
        entry = note(by=BY, verb="notice.file", record="notice:7", place_code=VILLAGE, public=ACCOUNTS)
        note(by=BY, verb="notice.publish", record="notice:8", place_code=VILLAGE, public={"b": 1.0, "a": "账"})
    seal()
    return entry


def verdict(answer: Any) -> str:
    """Which of the verdicts the page gives."""
    assert answer.status_code == 200, answer.content.decode()
    text = answer.content.decode()
    words = {"是真的": "same", "日志里有这一件": "known", "被改过": "altered", "是另一件": "other", "查不到": "unknown"}
    words |= {"记录被改动": "changed", "和签名的根对不上": "unproved"}
    return next(code for word, code in words.items() if f"</svg> {word}</h2>" in text)


def test_files_are_where_the_standard_has_them(noted: int, client: Client) -> None:
    answer = client.get("/log/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8" and "max-age=5" in answer["Cache-Control"]
    log = current_log()
    assert log is not None
    signed = opened(Note.read(answer.content), Key.read(log.key))
    assert signed.size == 302
    leaves: list[bytes] = []
    for tile in tiles_of(302):
        answer = client.get(f"/log/{tile.path}")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable" and not answer.cookies
        assert answer["Vary"] == "Accept-Encoding"
        leaves += split(answer.content) if tile.level == 0 else []
    assert root_of(leaves) == signed.root
    for bundle in bundles_of(302):
        assert len(unbundle(bundle, client.get(f"/log/{bundle.path}").content)) == bundle.width
    assert client.get("/log/tile/0/001.p/20").status_code == 200
    for path in ("tile/0/001", "tile/0/001.p/47", "tile/0/1", "tile/entries/002", "tile/x", "proof/302.tlog-proof"):
        assert client.get(f"/log/{path}").status_code == 404, path


def test_proof_file_holds_offline(noted: int, client: Client) -> None:
    leaf = Leaf.objects.get(entry_id=noted)
    proof = Proof.read(client.get(f"/log/proof/{leaf.pk}.tlog-proof").content)
    log = current_log()
    assert log is not None and proof.check(proof.extra, Key.read(log.key)).size == 302
    assert json.loads(proof.extra)["public"] == DIGEST


def test_nothing_yet(home: Path, client: Client, db: None) -> None:
    for path in ("/log/", "/log/sheet/", "/log/verify/"):
        assert client.get(path).status_code == 200
    assert client.get("/log/checkpoint").status_code == client.get("/log/tile/0/000").status_code == 404


def test_true_altered_and_unknown(noted: int, client: Client) -> None:
    def sent(path: str, content: bytes) -> str:
        return verdict(client.post(path, {"file": SimpleUploadedFile("a.txt", content)}))

    code = f"/log/verify/{DIGEST}/"
    assert sent("/log/verify/", ACCOUNTS) == sent(code, ACCOUNTS) == "same"
    assert sent(code, ACCOUNTS.replace(b"800", b"900")) == "altered"
    assert sent("/log/verify/", b"something") == sent(f"/log/verify/{'0' * 64}/", b"something") == "unknown"
    assert sent(code, b'{"a": "\xe8\xb4\xa6", "b": 1}') == "other"
    assert verdict(client.get(code)) == "known"


def test_without_a_file_the_text_or_the_hash_does(noted: int, client: Client) -> None:
    spaced = " ".join(DIGEST[at : at + 8].upper() for at in range(0, 64, 8))
    assert verdict(client.post("/log/verify/", {"hash": spaced})) == "same"
    assert verdict(client.post("/log/verify/", {"text": ACCOUNTS.decode()})) == "same"
    assert verdict(client.get(f"/log/verify/?hash={DIGEST}")) == "same"
    for wrong in ({"hash": "abc"}, {}):
        assert client.post("/log/verify/", wrong).status_code == 422


def test_changed_row_is_said_on_the_page(noted: int, client: Client) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET public_hash = %s WHERE id = %s", ["0" * 64, noted])
    answer = client.get(f"/log/verify/{DIGEST}/")
    assert verdict(answer) == "changed" and f"日志记录第 {noted} 号" in answer.content.decode()
    assert "记录被改动" in client.get(f"/log/entry/{Leaf.objects.get(entry_id=noted).pk}/").content.decode()


def test_content_listed_for_another_leaf_is_said_on_the_page(noted: int, client: Client) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_openleaf SET public_hash = %s WHERE id = 0", ["0" * 64])
    assert verdict(client.get(f"/log/verify/{'0' * 64}/")) == "changed"


def test_changed_leaf_does_not_fit_the_root(noted: int, client: Client) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_tile SET root = %s", [b"\0" * 32])
    assert verdict(client.get(f"/log/verify/{DIGEST}/")) == "unproved"


def test_noted_but_not_sealed(acts: Callable[[int], list[int]], client: Client) -> None:
    with transaction.atomic():
        note(by=BY, verb="notice.file", record="notice:7", place_code=VILLAGE, public=ACCOUNTS)
    answer = client.get(f"/log/verify/{DIGEST}/")
    assert verdict(answer) == "known" and "已记下" in answer.content.decode()


def test_pages_show_the_log(noted: int, client: Client) -> None:
    page = client.get("/log/").content.decode()
    assert "302" in page and "testserver/log" in page and "第 301 条" in page
    older = client.get("/log/?before=282").content.decode()
    assert "第 280 条" in older and "第 301 条" not in older
    assert client.get("/log/?before=x").status_code == 200
    assert client.get("/log/entry/1/").content.decode().count("不公开的事") == 1
    assert client.get("/log/entry/302/").status_code == 404
    sheet = client.get("/log/sheet/").content.decode()
    assert "本月检查点" in sheet and "张贴日期" in sheet
    assert client.get("/log/sheet/1999-01/").status_code == 200 and client.get("/log/sheet/x/").status_code == 404


def test_former_log_is_named(noted: int, client: Client) -> None:
    begin_again(by=BY, origin="village.example/log2")
    seal()
    page = client.get("/log/").content.decode()
    assert "village.example/log2" in page and "接续日志 testserver/log，它到第 302 条为止" in page


def test_witness_answers_as_the_standard_says(home: Path, client: Client, db: None) -> None:
    log = numbered(9)
    (home / "witness.policy").write_text(f"log {SIGNER.key}\nquorum none\n")

    def asked(old: int, size: int) -> Any:
        body = str(Request(old, tuple(consistency(old, size, log.read)), log.checkpoint(size)))
        return client.post("/witness/add-checkpoint", body, content_type="text/plain")

    assert (answer := asked(0, 4)).status_code == 200
    address = f"/witness/{hashlib.sha256(SIGNER.name.encode()).hexdigest()}/checkpoint"
    kept = Note.read(client.get(address).content)
    assert str(kept.signatures[1]) == answer.content.decode() and cosigned_at(kept, witness_signer().key)
    conflict = asked(0, 9)
    assert (conflict.status_code, conflict["Content-Type"], conflict.content) == (409, "text/x.tlog.size", b"4\n")
    assert asked(4, 9).status_code == 200 and client.get("/witness/add-checkpoint").status_code == 405
    assert client.get(f"/witness/{'0' * 64}/checkpoint").status_code == 404
    assert client.post("/witness/add-checkpoint", b"x" * 300_000, content_type="text/plain").status_code == 413


def test_audit_and_witness_over_the_network(noted: int, home: Path, live_server: Any) -> None:
    """Two parts of one deployment speak with each other as two deployments would."""
    log = current_log()
    assert log is not None
    lines = [f"log {log.key}", f"witness self {witness_signer().key} {live_server.url}/witness", "quorum self", ""]
    (home / "log.policy").write_text("\n".join(lines))
    (home / "witness.policy").write_text(f"log {log.key}\nquorum none\n")
    trusted = Policy.read("\n".join(lines))
    before = audit(source_of(f"{live_server.url}/log"), trusted, clock.now())
    assert [one.code for one in before.findings] == ["witness_missing"] and before.size == 302
    assert ask_witnesses() == (1, {})
    after = audit(source_of(f"{live_server.url}/log"), trusted, clock.now())
    assert after.findings == [] and list(after.witnesses) == ["self"]
    with pytest.raises(Unreachable):
        audit(source_of("http://127.0.0.1:9/log"), trusted, clock.now())
