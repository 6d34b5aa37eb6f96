"""Somebody changes one byte of a published account in the database: doctor, verify page and auditor all say which."""

from pathlib import Path
from typing import Any

import pytest
from disclosures.publishing import at, book, publish
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from engine.conftest import Village

from cunzhi.base import clock
from cunzhi.cli.doctor.log import contents
from cunzhi.cli.journal.command import export
from cunzhi.engine.keeping import content_of
from cunzhi.engine.models import Attachment, Notice
from cunzhi.engine.queries import published
from cunzhi.journal.sealing import seal
from cunzhi.transparency.audit.finding import Finding
from cunzhi.transparency.audit.run import audit
from cunzhi.transparency.audit.source import source_of
from cunzhi.transparency.policy import Policy

RENT, LESS = '"amount": 200000', '"amount": 100000'


@pytest.fixture
def accounts(transactional_db: None, public: Village, settings: Any, tmp_path: Path) -> Notice:
    """The accounts of March, sealed."""
    settings.HOME = tmp_path
    with at("2026-03-05T09:00"):
        book(public, "income", "lease", "2000", "山坪塘承包费")
    shown = publish(public, "finance", "2026-03", "三月收支")
    seal()
    return shown


def audited(folder: Path) -> list[Finding]:
    """What an outsider finds in the files that were handed out today."""
    assert export.callback is not None
    export.callback(folder)
    policy = Policy.read((folder / "policy").read_text(encoding="utf-8"))
    found = audit(source_of(str(folder)), policy, clock.now())
    return [one for one in found.findings if one.code.startswith("shown")]


def page(notice: Notice) -> str:
    return Client(headers={"accept-language": "en"}).get(f"/log/verify/{notice.public_hash}/").content.decode()


def change(notice: Notice) -> None:
    """By hand, past everything of ours."""
    kept = "CAST(statement AS TEXT)"
    back = "::jsonb" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE engine_notice SET statement = REPLACE({kept}, %s, %s){back} WHERE id = %s",
            [RENT, LESS, notice.pk],
        )


def test_account_that_is_as_it_was_published_is_right_everywhere(accounts: Notice, tmp_path: Path) -> None:
    assert [one.level for one in contents()] == ["good"]
    assert audited(tmp_path / "out") == []
    assert "was altered" not in page(accounts)


def test_changed_figure_is_named_by_doctor_page_and_auditor(accounts: Notice, tmp_path: Path) -> None:
    change(accounts)
    accounts.refresh_from_db()
    assert accounts.statement is not None and accounts.statement["lines"][0]["amount"] == 100000
    (found,) = contents()
    assert found.level == "wrong" and accounts.record in " ".join(found.lines("en"))
    (seen,) = audited(tmp_path / "out")
    assert (seen.code, seen.params["record"]) == ("shown_altered", accounts.record)
    assert "What the platform shows was altered" in page(accounts)


def test_changed_voucher_is_named(accounts: Notice) -> None:
    voucher = accounts.files.get().attachment
    default_storage.delete(voucher.file)
    (found,) = contents()
    assert found.level == "wrong" and voucher.name in " ".join(found.lines("en"))
    assert "What the platform shows was altered" in page(accounts)


def test_page_that_is_asked_for_often_reads_the_files_once_and_the_rows_each_time(
    accounts: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(attachment: Attachment) -> bytes:
        read.append(attachment.pk)
        return content_of(attachment)

    monkeypatch.setattr(published, "content_of", counted)
    assert ["was altered" in page(accounts) for _ in range(3)] == [False, False, False]
    assert read == [accounts.files.get().attachment_id]
    change(accounts)
    assert "was altered" in page(accounts)


def test_notice_that_is_not_shown_any_more_is_a_doubt(accounts: Notice, public: Village, tmp_path: Path) -> None:
    other = publish(public, "funds", "2026-03", "三月救助")
    record = other.record
    seal()
    other.delete()
    assert [(one.level, one.params["record"]) for one in audited(tmp_path / "out")] == [("doubt", record)]
