"""Turns answers into a study file that reads back, with the names of its columns checked against the data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from cunzhi.base.strict_yaml import load_as
from cunzhi.studies.sources import column_of, keyed, read_source
from cunzhi.studies.spec import Study

LISTS = ("controls", "mediators", "instruments")
HEAD = """# A study. Every key is explained in docs/reference/study_file.md.
# Run it with: cunzhi study run {name} --out DIR
# Titles are the names of the columns; put in what readers should see, in both languages.
"""


def study_text(answers: Mapping[str, str], *, folder: Path) -> str:
    """The study file; YamlRefused or DataRefused when the answers cannot be one."""
    lists = {
        key: [name.strip() for name in answers[key].replace("，", ",").split(",") if name.strip()] for key in LISTS
    }
    one = [answers["outcome"], answers["treatment"], *([answers["threshold"]] if answers["threshold"] else [])]
    names = list(dict.fromkeys([*one, *(name for key in LISTS for name in lists[key])]))
    roles: dict[str, Any] = {"outcome": answers["outcome"], "treatment": answers["treatment"]}
    roles |= {key: names_of for key, names_of in lists.items() if names_of}
    if answers["groups"]:
        roles["groups"] = {"column": answers["groups"], "title": _both(answers["groups"])}
    if answers["threshold"]:
        roles["threshold"] = {"column": answers["threshold"]}
    spec = {
        "title": _both(answers["title"]),
        "data": {"file": answers["data"], "unit": answers["unit"], "period": answers["period"]},
        "variables": {name: {"title": _both(name)} for name in names},
        "roles": roles,
    }
    text = HEAD.format(name="STUDY.yaml") + yaml.safe_dump(spec, allow_unicode=True, sort_keys=False)
    study = load_as(Study, text, name="the answers")
    _refuse_absent(study, folder)
    return text


def _refuse_absent(study: Study, folder: Path) -> None:
    """Say now, and not at the first run, that a column is not there."""
    source = read_source(study, folder)
    table = keyed(study, source)
    groups = [study.roles.groups.column] if study.roles.groups else []
    for name in (*study.named, *groups):
        if name not in table.columns:
            column_of(table, name, source.name)


def _both(words: str) -> dict[str, str]:
    return {"zh_Hans": words, "en": words}
