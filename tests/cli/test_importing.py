"""A list of people comes in after it was looked through, and goes out masked."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook

Run = Callable[..., "subprocess.CompletedProcess[str]"]

VILLAGE = "500113101200"
PLACES = """
from cunzhi.registry.models import Place
for code, level in (("500113", "county"), ("500113101", "township"), ("500113101200", "village")):
    Place.objects.create(code=code, name=f"Place {code}", level=level, system="nbs", valid_from="2020-01-01")
"""
GOOD = "户号,姓名,与户主关系,出生日期\n1,王秀英,户主,1956-03-01\n"
BAD = "户号,姓名,与户主关系,出生日期\n1,王秀英,户主,1956-13-01\n"


def test_list_is_looked_through_then_taken_then_given_out(
    cunzhi: Run, installed: Path, shell: Callable[[str], str], tmp_path: Path
) -> None:
    shell(PLACES)
    (tmp_path / "people.csv").write_text(GOOD, encoding="utf-8")
    seen = cunzhi("import", "people.csv", "--place", VILLAGE)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "1 new people" in seen.stdout
    assert "Nothing was taken over yet" in seen.stdout
    taken = cunzhi("import", "people.csv", "--place", VILLAGE, "--take")
    assert "The list is taken over." in taken.stdout, taken.stderr
    assert cunzhi("export", "people.xlsx", "--place", VILLAGE).returncode == 0
    rows = CalamineWorkbook.from_path(tmp_path / "people.xlsx").get_sheet_by_index(0).to_python()
    assert any("王秀英" in row for row in rows)


def test_list_with_a_mistake_is_not_taken(
    cunzhi: Run, installed: Path, shell: Callable[[str], str], tmp_path: Path
) -> None:
    shell(PLACES)
    (tmp_path / "people.csv").write_text(BAD, encoding="utf-8")
    done = cunzhi("import", "people.csv", "--place", VILLAGE, "--take")
    assert done.returncode == 1
    assert "D2  '1956-13-01'" in done.stdout
    assert "Nothing was taken over" in done.stderr


def test_unknown_place_is_told_kindly(cunzhi: Run, installed: Path, tmp_path: Path) -> None:
    done = cunzhi("export", "people.xlsx", "--place", "999999")
    assert done.returncode == 1
    assert "999999" in done.stderr
    assert not (tmp_path / "people.xlsx").exists()
