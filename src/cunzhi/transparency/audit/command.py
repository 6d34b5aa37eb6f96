"""The cunzhi-audit command."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cunzhi.transparency.audit.finding import Report
from cunzhi.transparency.audit.run import audit, audit_proof
from cunzhi.transparency.audit.source import source_of
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.policy import Policy
from cunzhi.transparency.web import Unreachable

RIGHT, WRONG, UNREADABLE = 0, 1, 2
EPILOG = "Exit code: 0 right (doubts and notes pass), 1 something is wrong, 2 it could not be looked at."


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser("cunzhi-audit", description="Audit a public log from outside.", epilog=EPILOG)
    made.add_argument("log", help="folder of an exported log, its address (https://…/log), or a .tlog-proof file")
    made.add_argument("--policy", type=Path, required=True, help="whom you trust: keys of the log and its witnesses")
    made.add_argument("--last", type=Path, help="checkpoint file of last time, or the folder exported then")
    made.add_argument("--keep", type=Path, help="write the checkpoint here for next time, if nothing is wrong")
    made.add_argument("--content", type=Path, help="with a .tlog-proof file: your copy of what it proves")
    made.add_argument("--opening", type=Path, help="with a .tlog-proof file: what opens its entry")
    made.add_argument("--places", default="", help="codes of villages that owe disclosures, with commas between them")
    made.add_argument("--now", help="judge times and dues as of this moment, such as 2026-03-01T08:00:00+08:00")
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument("--language", choices=("zh", "en"), default=_language())
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        policy = Policy.read(given.policy.read_text(encoding="utf-8"))
        report = _report(given, policy)
        if given.keep and not report.is_wrong:
            given.keep.write_bytes(source_of(given.log).read("checkpoint") or b"")
    except (Doubt, Unreachable, OSError, ValueError) as error:
        sys.stderr.write(f"cunzhi-audit: {error}\n")
        return UNREADABLE
    if given.format == "json":
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(report.lines(given.language))
    sys.stdout.write(text + "\n")
    return WRONG if report.is_wrong else RIGHT


def _report(given: argparse.Namespace, policy: Policy) -> Report:
    now = datetime.fromisoformat(given.now) if given.now else datetime.now(UTC)
    if now.tzinfo is None:
        raise ValueError("--now needs its zone, such as +08:00")
    if Path(given.log).is_file():
        beside = [file.read_bytes() if file else None for file in (given.content, given.opening)]
        return audit_proof(Path(given.log).read_bytes(), policy, *beside)
    places = [code for code in given.places.split(",") if code]
    return audit(source_of(given.log), policy, now, last=given.last, places=places)


def _language() -> str:
    set_by = (os.environ.get(name, "") for name in ("CUNZHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, set_by), "en").lower().startswith("zh") else "en"


if __name__ == "__main__":
    sys.exit(main())
