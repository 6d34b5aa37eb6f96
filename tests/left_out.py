"""Says plainly at the end of a run which tests were left out and why; with CI=true nothing may be."""

import os
from collections import Counter
from typing import NoReturn

import pytest


def leave_out(reason: str) -> NoReturn:
    """End the test that asks: something it needs is not on this machine."""
    pytest.skip(reason)


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def left_out(config: pytest.Config) -> Counter[str]:
    """Reason -> how many tests; 0 where a whole run is missing."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    whole_run = os.environ.get("CUNZHI_TESTS_LEFT_OUT", "")
    return reasons + Counter() if not whole_run else Counter({**reasons, whole_run: 0})


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if in_ci() and exitstatus == pytest.ExitCode.OK and left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reasons = left_out(config)
    if not reasons:
        return
    terminalreporter.section("Left out" + (", and with CI=true that is a failure" if in_ci() else ""))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{f'{count} tests' if count else 'a whole run'}: {reason}")
