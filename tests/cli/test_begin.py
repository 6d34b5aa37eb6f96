"""A county begins with nobody in it: its places, its first office, and a sign-in that works."""

import subprocess
from collections.abc import Callable

Run = Callable[..., "subprocess.CompletedProcess[str]"]
HEAD = ("--place", "500113", "--name", "张主任", "--phone", "13800000001", "--basis", "区委办〔2026〕1号")


def test_county_begins_and_its_administrator_is_seated_once(cunzhi: Run) -> None:
    assert "appoint administrator" in cunzhi("begin", "500113").stdout
    done = cunzhi("appoint", "administrator", *HEAD, "--password", "a-long-secret-1")
    assert done.returncode == 0, done.stderr
    twice = cunzhi("appoint", "administrator", *HEAD, "--password", "a-long-secret-1")
    assert (twice.returncode, "already" in twice.stderr) == (1, True)
