"""The way from a clone to a running platform: when something is installed, and what the locks may hold."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

import bootstrap

REPOSITORY = Path(bootstrap.__file__).resolve().parent
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)(.*)$", re.MULTILINE)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone without .venv, in which installing only says that it was done."""
    for name in (bootstrap.RUN, bootstrap.TEST, "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    monkeypatch.setattr(bootstrap, "HERE", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "cunzhi.json")
    monkeypatch.setattr(bootstrap, "TURN", tmp_path / ".venv.lock")
    return tmp_path


@pytest.fixture
def done(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order."""
    steps: list[str] = []

    def make_venv() -> None:
        steps.append("venv")
        (place / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(bootstrap, "make_venv", make_venv)
    monkeypatch.setattr(bootstrap, "install_packages", steps.append)
    return steps


def test_second_start_installs_nothing(done: list[str], place: Path) -> None:
    (place / ".venv").mkdir()
    bootstrap.make_ready(bootstrap.RUN)
    bootstrap.make_ready(bootstrap.RUN)
    assert done == [bootstrap.RUN]


def test_tests_lock_serves_for_running_too(done: list[str], place: Path) -> None:
    (place / ".venv").mkdir()
    bootstrap.make_ready(bootstrap.TEST)
    bootstrap.make_ready(bootstrap.RUN)
    assert done == [bootstrap.TEST]


@pytest.mark.parametrize("changed", [bootstrap.RUN, "pyproject.toml"])
def test_update_is_installed(done: list[str], place: Path, changed: str) -> None:
    (place / ".venv").mkdir()
    bootstrap.make_ready(bootstrap.RUN)
    with (place / changed).open("a") as file:
        file.write("\n# newer\n")
    bootstrap.make_ready(bootstrap.RUN)
    assert done == [bootstrap.RUN, bootstrap.RUN]


def test_broken_off_installation_begins_anew(done: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(lock: str) -> None:
        raise KeyboardInterrupt

    (place / ".venv").mkdir()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(bootstrap, "install_packages", break_off)
        bootstrap.make_ready(bootstrap.RUN)
    bootstrap.make_ready(bootstrap.RUN)
    assert done == ["venv", bootstrap.RUN]


def test_moved_folder_gets_a_new_venv(done: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / ".venv").mkdir()
    bootstrap.make_ready(bootstrap.RUN)
    bootstrap.write_stamp({**bootstrap.read_stamp(), "folder": "/elsewhere"})
    bootstrap.make_ready(bootstrap.RUN)
    assert done == [bootstrap.RUN, "venv", bootstrap.RUN]


def test_missing_python_gets_a_new_venv(done: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", place / ".venv" / "bin" / "python")
    bootstrap.make_ready(bootstrap.RUN)
    assert done == ["venv", bootstrap.RUN]


def test_second_installation_waits_for_the_first_and_finds_all_done(
    done: list[str], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / ".venv").mkdir()
    begun, go_on = Event(), Event()

    def install(lock: str) -> None:
        begun.set()
        go_on.wait(20)
        done.append(lock)

    monkeypatch.setattr(bootstrap, "install_packages", install)
    with ThreadPoolExecutor() as both:
        first = both.submit(bootstrap.make_ready, bootstrap.RUN)
        assert begun.wait(20)
        second = both.submit(bootstrap.make_ready, bootstrap.RUN)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        assert "waiting until it is done" in capsys.readouterr().out
        go_on.set()
        first.result(20), second.result(20)
    assert done == [bootstrap.RUN]


def test_installation_that_was_killed_holds_nobody_up(done: list[str], place: Path) -> None:
    (place / ".venv").mkdir()
    hold = f"import fcntl, time; f = open({str(bootstrap.TURN)!r}, 'a+b'); fcntl.flock(f, 2); print('held', flush=True)"
    with subprocess.Popen([sys.executable, "-c", f"{hold}; time.sleep(60)"], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with bootstrap.TURN.open("a+b") as file:
            assert not bootstrap.taken(file)
        other.kill()
    bootstrap.make_ready(bootstrap.RUN)
    assert done == [bootstrap.RUN]


def test_folder_that_is_no_venv_is_left_alone(place: Path) -> None:
    (place / ".venv").mkdir()
    (place / ".venv" / "mine.txt").write_text("mine")
    with pytest.raises(SystemExit, match="is not a Python environment"):
        bootstrap.make_venv()
    assert (place / ".venv" / "mine.txt").exists()


def test_bootstrap_needs_only_the_standard_library() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", REPOSITORY / "bootstrap.py", "--help"], capture_output=True)
    assert done.returncode == 0
    assert b"run the platform" in done.stdout


@pytest.mark.parametrize("lock", [bootstrap.RUN, bootstrap.TEST])
def test_lock_is_hashed_and_names_no_host(lock: str) -> None:
    text = (REPOSITORY / lock).read_text()
    assert "://" not in text
    assert not re.search(r"(find-links|index-url|@ file|/home/|/opt/)", text)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_locks_pin_the_same_versions() -> None:
    runs = {match.groups() for match in PIN.finditer((REPOSITORY / bootstrap.RUN).read_text())}
    tests = {match.groups() for match in PIN.finditer((REPOSITORY / bootstrap.TEST).read_text())}
    pins = {(name, version) for name, version, _ in runs}
    assert pins <= {(name, version) for name, version, _ in tests}


def test_lock_holds_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    wanted = {re.split(r"[\[<>=~; ]", line)[0] for line in [*project["dependencies"], *extras]}
    locked = {match[1].lower() for match in PIN.finditer((REPOSITORY / bootstrap.TEST).read_text())}
    assert wanted - locked == set()
