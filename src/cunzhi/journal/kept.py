"""The last checkpoint that was signed, kept outside the database: an old copy of the database must not fork the log."""

import os
from pathlib import Path

from django.conf import settings

from cunzhi.base.errors import Refused
from cunzhi.transparency.checkpoints import Checkpoint
from cunzhi.transparency.errors import Doubt
from cunzhi.transparency.notes import Note

NAME = "log.checkpoint"


def kept_file() -> Path:
    return Path(settings.HOME) / NAME


def kept() -> Note | None:
    """The note as it was signed; None when nothing was signed yet, or the file is gone."""
    try:
        return Note.read(kept_file().read_bytes())
    except FileNotFoundError:
        return None
    except Doubt as doubt:
        raise Refused("journal.kept.unreadable", file=kept_file(), reason=doubt) from doubt


def kept_checkpoint() -> Checkpoint | None:
    note = kept()
    return None if note is None else Checkpoint.read(note.text)


def keep(note: str) -> None:
    """Write it down so that it is there after a loss of power, in one move."""
    beside = kept_file().with_name(NAME + ".new")
    with beside.open("wb") as file:
        file.write(note.encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(kept_file())


def put_away(stamp: str) -> Path | None:
    """Lay the file of a log that has ended aside; where it lies now."""
    if not kept_file().exists():
        return None
    return kept_file().rename(kept_file().with_name(f"log.{stamp}.checkpoint"))
