"""Writes the reference of scenario folders and their JSON Schemas from the specifications: python docs/generate.py"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent / "reference"


def outdated() -> Iterator[tuple[Path, str]]:
    """Generated files that are not what the specifications say now, with what they ought to say."""
    import scenario_reference  # noqa: PLC0415  they need Django, which is set up by then
    import sensorthings_reference  # noqa: PLC0415

    for path, text in (scenario_reference.pages() | sensorthings_reference.pages()).items():
        kept = REFERENCE / path
        if not kept.is_file() or kept.read_text(encoding="utf-8") != text:
            yield kept, text


def main() -> None:
    import django  # noqa: PLC0415  only where the script is run by itself

    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"CUNZHI_HOME": home, "DJANGO_SETTINGS_MODULE": "cunzhi.config.settings"}
        django.setup()
        (REFERENCE / "schema").mkdir(exist_ok=True)
        for path, text in outdated():
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
