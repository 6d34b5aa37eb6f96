"""Where this installation keeps its things, from the environment; nothing is made or read here."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of this installation: its database (unless elsewhere), its files, its keys."""
    return Path(os.environ.get("CUNZHI_HOME", "data")).resolve()


def files() -> Path:
    """The folder of uploaded pictures and papers."""
    return Path(os.environ.get("CUNZHI_FILES", home() / "files")).resolve()


def secrets_file() -> Path:
    """The keys without which sealed identity numbers and phones stay sealed."""
    return Path(os.environ.get("CUNZHI_SECRETS", home() / "secrets.json")).resolve()
