"""The policy of trust: the example of its standard, and what is refused."""

import pytest

from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import COSIGNER, LOG, Signer
from cunzhi.transparency.policy import Policy


def key(name: str, kind: int = COSIGNER) -> str:
    return str(Signer(name, kind, name.encode().ljust(32, b".")).key)


EXAMPLE = f"""# two organisations
log {key("log", LOG)} https://village.example/log/

witness X1 {key("X1")}
witness X2 {key("X2")}\thttps://x2.example
witness X3 {key("X3")}
group X-witnesses 2 X1 X2 X3
witness Y1 {key("Y1")}
witness Y2 {key("Y2")}
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(
    ("names", "enough"),
    [("X1 X2 Y1", True), ("X1 X3 Y2", True), ("X1 X2 X3", False), ("X1 Y1 Y2", False), ("", False)],
)
def test_example_of_the_standard(names: str, enough: bool) -> None:
    policy = Policy.read(EXAMPLE)
    assert policy.satisfied([policy.witnesses[name].key for name in names.split()]) is enough
    assert policy.logs[0].url == "https://village.example/log" and len(policy.keys()) == 5


def test_no_quorum_is_always_enough() -> None:
    assert Policy.read("quorum none\n").satisfied([])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum nobody\n",
        "quorum none\nquorum none\n",
        f"witness none {key('a')}\nquorum none\n",
        f"witness a {key('a')}\nwitness b {key('a')}\nquorum a\n",
        f"log {key('a')}\nquorum none\n",
        f"witness a {key('a')}\ngroup g 2 a\nquorum g\n",
        f"witness a {key('a')}\ngroup g any a\ngroup h any a\nquorum g\n",
        "group g any\nquorum none\n",
        "something else\nquorum none\n",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(Doubt):
        Policy.read(text)
