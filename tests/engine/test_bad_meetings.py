"""Mistakes in scenarios that hold meetings: fields and bodies that are not there, half a count, a missing rule."""

import pytest
from folders import spoilt

FLOW, FORM, ZH = "workflows/decision.yaml", "forms/call_villagers.yaml", "messages/zh_Hans.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (FLOW, "body: branch, on: held_on", "body: branch, on: held_onn", "did you mean held_on?"),
        (FLOW, "body: branch,", "body: brunch,", "convene.body"),
        (FLOW, "body: branch,", "body: branch, chosen: gathering,", "give either `body` or `chosen`"),
        (FLOW, "message: called_branch", "message: called_brunch", "did you mean called_branch?"),
        (FLOW, "agreed: agreed, against", "agreed: agree, against", "did you mean agreed?"),
        (FLOW, "{quorum: quorum, agreed", "{agreed", "or none of them"),
        (FLOW, "quorum: quorum,", "quorum: quorums,", "did you mean quorum?"),
        (FLOW, "quorum: quorum,", "quorum: least_agreed,", "must take `facts: Facts` and nothing else"),
        (FORM, "{name: assembly,", "{name: assemblies,", "did you mean assembly?"),
        (ZH, "enough_came: ", "enough_come: ", "enough_came"),
        ("rules.py", 'known["meeting_due"]', 'known["meeting_dues"]', "did you mean meeting_due?"),
        ("forms/proposal.yaml", "public: true, constraint: {max_length: 40}", "constraint: {max_length: 40}",
         "would make the free text {title} public"),
    ],
)  # fmt: skip
def test_mistake_about_meetings_is_named(path: str, old: str, new: str, said: str) -> None:
    found = spoilt("decisions", path, old, new)
    assert any(said in one for one in found), found
