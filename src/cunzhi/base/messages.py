"""Every sentence the platform says, in Chinese and English, from the `messages` folders of the packages."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cunzhi.base.text import Text

LANGUAGES = ("zh-hans", "en")
PACKAGE = Path(__file__).resolve().parent.parent


def file_name(language: str) -> str:
    """The file that holds a language: zh-hans -> zh_Hans.yaml, en -> en.yaml."""
    return "zh_Hans.yaml" if language.startswith("zh") else "en.yaml"


def flatten(tree: Mapping[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of one language: package.key -> sentence. Scenarios keep theirs in their own folders."""
    sentences: dict[str, str] = {}
    for path in files(language):
        tree = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found = flatten(tree, f"{path.relative_to(PACKAGE).parts[0]}.")
        if twice := sentences.keys() & found.keys():
            raise ValueError(f"{path}: said elsewhere too: {', '.join(sorted(twice))}")
        sentences.update(found)
    return sentences


def files(language: str) -> list[Path]:
    """The `messages` of the packages and of their folders, whose sentences go by the package's name as well."""
    name = file_name(language)
    found = [*PACKAGE.glob(f"*/messages/{name}"), *PACKAGE.glob(f"*/*/messages/{name}")]
    return sorted(path for path in found if path.relative_to(PACKAGE).parts[0] != "scenarios")


def say(key: str, language: str, **params: object) -> str:
    """The sentence `key` in `language` with its blanks filled. Unknown keys are a mistake of ours: KeyError."""
    sentence = catalogue(language if language in LANGUAGES else LANGUAGES[0])[key]
    return fill(sentence, language, params)


def fill(sentence: str, language: str, params: Mapping[str, object]) -> str:
    """The sentence with its blanks filled; words that come in both languages are taken in the reader's."""
    spoken = {name: value.in_(language) if isinstance(value, Text) else value for name, value in params.items()}
    return sentence.format_map(spoken) if spoken else sentence
