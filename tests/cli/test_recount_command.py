"""cunzhi ballots recount: the same count as the page's, from the file alone."""

import hashlib
from pathlib import Path

from click.testing import CliRunner

from cunzhi.cli.main import cli
from cunzhi.deliberation.recount import ballot_line

HEAD = "line,number,voter,turn,option,salt,hash\ntopic,7,,,Lamps,,\nrule,4,,,roll,,\nrule,half,,,quorum,,\n"


def file_of(tmp_path: Path, ballots: list[tuple[str, int, int]]) -> str:
    lines = [
        f"ballot,,{voter},{turn},{option},ab,{hashlib.sha256(ballot_line(7, voter, turn, option, 'ab')).hexdigest()}"
        for voter, turn, option in ballots
    ]
    path = tmp_path / "ballots.csv"
    path.write_text(HEAD + "option,1,,,yes,,\noption,2,,,no,,\n" + "\n".join(lines) + "\n", encoding="utf-8-sig")
    return str(path)


def test_recount_prints_the_result(tmp_path: Path) -> None:
    file = file_of(tmp_path, [("1", 1, 1), ("1", 2, 2), ("2", 1, 2), ("3", 1, 1)])
    done = CliRunner().invoke(cli, ["ballots", "recount", file])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "Lamps (topic 7)",
        "1. yes: 1",
        "2. no: 2",
        "ballots that count: 3 of 4 on the roll; cast: 4",
        "quorum (half): met",
    ]


def test_recount_of_a_changed_file_fails(tmp_path: Path) -> None:
    file = file_of(tmp_path, [("1", 1, 1)])
    path = Path(file)
    path.write_text(path.read_text(encoding="utf-8").replace(",1,1,ab", ",1,2,ab"), encoding="utf-8")
    done = CliRunner().invoke(cli, ["ballots", "recount", file])
    assert done.exit_code == 1
    assert "WRONG" in done.output


def test_recount_of_no_file_says_so(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["ballots", "recount", str(tmp_path / "none.csv")]).exit_code == 2
