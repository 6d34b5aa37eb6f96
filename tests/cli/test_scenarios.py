"""The scenarios' commands: what is wrong is said, a new folder works at once, stories are told and leave no trace."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cunzhi.cli.main import cli
from cunzhi.cli.scenarios.checking import mistakes
from cunzhi.cli.scenarios.new import PATTERN
from cunzhi.engine.actions.versions import keep_version
from cunzhi.engine.folder import look_through
from cunzhi.engine.loader import folders, scenario
from cunzhi.engine.schemas import KINDS

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NAMED = ("--title-zh", "修路灯", "--title-en", "Mend lamps", "--pillar", "law")


def begin(slug: str, into: Path) -> Result:
    """`new`, as it is called at a terminal, without a process of its own."""
    return CliRunner(env={"LANG": "C"}).invoke(cli, ["scenarios", "new", slug, *NAMED, "--into", str(into)])


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder that `new` wrote."""
    done = begin("lamps", tmp_path / "mine")
    assert done.exit_code == 0, done.output
    return tmp_path / "mine" / "lamps"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_installed_scenarios_are_well(cunzhi: Run) -> None:
    done = cunzhi("scenarios", "check")
    assert done.returncode == 0, done.stdout
    assert f"{len(folders())} scenarios are well." in done.stdout
    assert "versions were not compared" in done.stdout


def test_unknown_scenario_is_refused(cunzhi: Run) -> None:
    done = cunzhi("scenarios", "check", "pionts")
    assert done.returncode == 1
    assert f"There is no scenario pionts. There are: {', '.join(sorted(folders()))}" in done.stderr


def test_pattern_of_a_new_scenario_is_sound() -> None:
    assert [str(problem) for problem in look_through("pattern", PATTERN)[1]] == []


def test_new_scenario_passes_the_check_and_its_story_comes_true(cunzhi: Run, begun: Path) -> None:
    checked = cunzhi("scenarios", "check", begun)
    assert checked.returncode == 0, checked.stdout
    assert "pillar: law" in (begun / "manifest.yaml").read_text()
    assert (begun / "README.md").read_text(encoding="utf-8").startswith("# 修路灯 Mend lamps")

    told = cunzhi("scenarios", "simulate", begun, LANG="zh_CN.UTF-8")

    assert told.returncode == 0, told.stdout + told.stderr
    assert "2026-03-02 09:00  村民：提出（请求） → 待答复，等待村干部" in told.stdout
    assert "告知村民：您的请求" in told.stdout
    assert "1 个故事全部如所写。" in told.stdout


def test_title_and_pillar_are_asked_for_where_they_are_not_given(tmp_path: Path) -> None:
    asked = CliRunner().invoke(
        cli, ["scenarios", "new", "bridge", "--into", str(tmp_path)], input="修桥: “一号”\nMend bridges\nvirtue\n"
    )
    assert asked.exit_code == 0, asked.output
    read, problems = look_through("bridge", tmp_path / "bridge")
    assert problems == []
    assert read is not None
    assert (read.manifest.title.zh_Hans, read.manifest.pillar) == ("修桥: “一号”", "virtue")


def test_simulation_says_the_difference_and_touches_nothing(cunzhi: Run, begun: Path, home: Path) -> None:
    change(begun / "examples" / "refused_then_agreed.yaml", "then: {state: agreed,", "then: {state: closed,")

    told = cunzhi("scenarios", "simulate", begun, "--story", "refused_then_agreed")

    assert told.returncode == 1
    assert "2026-03-04T09:00: the state of the case should be closed and is agreed." in told.stdout
    assert "1 stories did not come true." in told.stdout
    assert not home.exists()


def test_simulation_of_no_story_is_refused(cunzhi: Run, begun: Path) -> None:
    told = cunzhi("scenarios", "simulate", begun, "--story", "nothing")
    assert told.returncode == 1
    assert "There is no story nothing. There are: refused_then_agreed" in told.stderr


def test_folder_that_is_there_is_left_alone(begun: Path) -> None:
    change(begun / "README.md", "请改写", "已改写")
    again = begin("lamps", begun.parent)
    assert again.exit_code == 1
    assert "Nothing was changed." in again.output
    assert "已改写" in (begun / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", ["Lamps", "../lamps", "9lamps", "路灯"])
def test_name_that_cannot_be_one_is_refused(tmp_path: Path, slug: str) -> None:
    done = begin(slug, tmp_path / "mine")
    assert done.exit_code == 1
    assert "cannot be a scenario's name" in done.output
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("forms/request.yaml", "type: text", "typ: text", "fields[1].typ: unknown key; did you mean type?"),
        ("indicators/requests.sql", "workflow = 'request'", "workflow = 'requests'", "did you mean 'request'?"),
        ("examples/refused_then_agreed.yaml", "by: village_cadre", "by: vilage_cadre", "did you mean village_cadre?"),
        ("examples/refused_then_agreed.yaml", "do: refuse,", "do: refuze,", "did you mean refuse?"),
    ],
)
def test_mistake_is_said_with_file_and_line(begun: Path, path: str, old: str, new: str, said: str) -> None:
    change(begun / path, old, new)
    found = [str(problem) for problem in mistakes("lamps", begun, compared=False)]
    assert any(one.startswith(f"lamps/{path}:") and said in one for one in found), found


def test_folder_without_readme_or_story_or_with_stray_files_is_named(begun: Path) -> None:
    (begun / "README.md").unlink()
    (begun / "examples").rename(begun / "example")
    found = [str(problem) for problem in mistakes("lamps", begun, compared=False)]
    assert any(one.startswith("lamps/README.md:1: is missing") for one in found)
    assert any("tell at least one story" in one for one in found)
    assert any("nobody reads this file; did you mean examples/*.yaml?" in one for one in found)


@pytest.mark.django_db
def test_folder_that_changed_without_a_higher_version_is_reported() -> None:
    version = keep_version(scenario("points"))
    assert list(mistakes("points", folders()["points"], compared=True)) == []
    version.digest = "another"
    version.save()

    (found,) = mistakes("points", folders()["points"], compared=True)

    assert (found.name, found.line, found.path) == ("points/manifest.yaml", 2, "version")
    assert "so that running cases stay on what they were opened under" in found.what


def test_schemas_are_written(cunzhi: Run, tmp_path: Path) -> None:
    done = cunzhi("scenarios", "schema", "--out", tmp_path / "schema")
    assert done.returncode == 0
    written = sorted(path.name for path in (tmp_path / "schema").iterdir())
    assert written == [f"{kind}.schema.json" for kind in sorted(KINDS)]
