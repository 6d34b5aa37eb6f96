"""The command itself: quick to say what it can do, kind when it is misused."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from cunzhi.cli.main import COMMANDS, cli

LOADED = "import sys; import cunzhi.evaluation, cunzhi.cli.main; print('django' in sys.modules)"


def test_help_lists_every_command_with_a_whole_sentence() -> None:
    said = CliRunner().invoke(cli, ["--help"]).output
    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z].*\.$", said, re.MULTILINE), said


def test_help_loads_no_django() -> None:
    script = "import sys, click.testing as t; from cunzhi.cli.main import cli; t.CliRunner().invoke(cli, ['--help'])"
    done = subprocess.run([sys.executable, "-c", f"{script}; print('django' in sys.modules)"], capture_output=True)
    assert done.stdout.strip() == b"False", done.stderr


def test_evaluation_loads_no_django() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True)
    assert done.stdout.strip() == b"False", done.stderr


def test_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(cli, ["dance"])
    assert result.exit_code == 2
    assert "No such command 'dance'" in result.output


def test_wrong_database_url_is_told_kindly(cunzhi: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    done = cunzhi("update", DATABASE_URL="mysql://localhost/x")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: A setting is wrong: DATABASE_URL begins with 'mysql'")


def test_unreachable_database_is_told_kindly(
    cunzhi: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    done = cunzhi("update", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_chinese_terminal_is_answered_in_chinese(cunzhi: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    done = cunzhi("tick", LANG="zh_CN.UTF-8")
    assert done.returncode == 1
    assert "数据库还缺少本版本所需的" in done.stderr


def test_module_runs_like_the_command() -> None:
    command = [sys.executable, "-m", "cunzhi.cli.main", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert done.stdout.startswith("cunzhi, version ")
