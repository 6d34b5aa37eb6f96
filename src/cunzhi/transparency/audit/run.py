"""One audit: signatures, witnesses, files, contents, the past, the calendar."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from cunzhi.transparency.audit.calendar import check_calendar
from cunzhi.transparency.audit.contents import check_entries, read_entries
from cunzhi.transparency.audit.finding import Finding, Report, doubt, note, wrong
from cunzhi.transparency.audit.past import check_past
from cunzhi.transparency.audit.shown import check_shown
from cunzhi.transparency.audit.source import Source
from cunzhi.transparency.audit.tree import check_tree, fetch_entries
from cunzhi.transparency.checkpoints import Checkpoint, cosigned_at, opened
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import Key, Note, encoded
from cunzhi.transparency.policy import Policy
from cunzhi.transparency.proofs import Proof


def audit(
    source: Source, policy: Policy, now: datetime, *, last: Path | None = None, places: Sequence[str] = ()
) -> Report:
    """Everything that can be said of a log from outside."""
    report = Report()
    written = source.read("checkpoint")
    if written is None:
        report.findings.append(wrong("no_checkpoint"))
        return report
    signed = _signed(written, policy, report)
    if signed is None:
        return report
    fetched, broken = fetch_entries(source, signed.size)
    report.findings += broken
    report.findings += check_tree(source, fetched, signed)
    told = read_entries(fetched.entries, [] if broken else report.findings)
    report.findings += check_entries(told, now)
    report.findings += check_shown(source, told)
    if last is not None:
        report.findings += check_past(last, policy, signed, fetched, told)
    report.findings += check_calendar(told, now, places=places)
    return report


def audit_proof(written: bytes, policy: Policy, content: bytes | None, opening: bytes | None = None) -> Report:
    """A proof file alone, with the copy that it should prove or what opens it, if there is one."""
    report = Report()
    try:
        proof = Proof.read(written)
        signed = _signed(str(proof.checkpoint).encode(), policy, report)
        if signed is None:
            return report
        proof.check(proof.extra, _key_of(signed.origin, policy))
        told = json.loads(proof.extra)
        if content is not None:
            same = hashlib.sha256(content).hexdigest() == told.get("public")
            found = (note if same else wrong)("content_same" if same else "content_altered", proof.index)
            report.findings.append(found)
        if opening is not None:
            report.findings.append(_opened(proof.index, told.get("private"), json.loads(opening)))
    except (Doubt, ValueError, TypeError, KeyError, AttributeError) as error:
        report.findings.append(wrong("proof", reason=str(error)))
    return report


def _opened(number: int, sealed: str, key: dict[str, str]) -> Finding:
    """What stands under the salted hash of an entry, by what its owner was given."""
    made = hmac.digest(bytes.fromhex(key["salt"]), key["said"].encode(), "sha256").hex()
    return note("opening", number, said=key["said"]) if made == sealed else wrong("opening_wrong", number)


def _signed(written: bytes, policy: Policy, report: Report) -> Checkpoint | None:
    """The checkpoint, if a log of the policy signed it; what is wrong with it goes into the report."""
    try:
        signed = Note.read(written)
        named = Checkpoint.read(signed.text)
        report.origin, report.size, report.root = named.origin, named.size, encoded(named.root)
        found = opened(signed, _key_of(named.origin, policy))
    except Doubt as error:
        code = error.code if error.code == "other_log" else "checkpoint"
        report.findings.append(wrong(code, reason=str(error), origin=report.origin))
        return None
    report.findings += _witnesses(signed, policy, report)
    return found


def _key_of(origin: str, policy: Policy) -> Key:
    key = next((party.key for party in policy.logs if party.key.name == origin), None)
    if key is None:
        raise Doubt("other_log", f"the log {origin} is not in the policy")
    return key


def _witnesses(signed: Note, policy: Policy, report: Report) -> Iterator[Finding]:
    have, missing = [], []
    for name, party in policy.witnesses.items():
        try:
            time = cosigned_at(signed, party.key)
        except Doubt as error:
            yield wrong("witness_forged", reason=str(error))
            time = None
        if time is None:
            missing.append(name)
        else:
            report.witnesses[name] = time
            have.append(party.key)
    if not policy.satisfied(have):
        yield wrong("witness_missing", names=", ".join(missing))
    elif missing:
        yield doubt("witness_absent", names=", ".join(missing))
