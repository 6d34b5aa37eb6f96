"""Whether the platform runs on this home folder: it leaves its process number there while it does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from cunzhi.base.errors import Refused
from cunzhi.base.home import home


@contextmanager
def noted_as_running() -> Iterator[None]:
    note = home() / "serve.pid"
    note.write_text(str(os.getpid()))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def refuse_running() -> None:
    """Refuse while the platform runs here: it would go on writing into what was put aside."""
    note = home() / "serve.pid"
    try:
        os.kill(int(note.read_text()), 0)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    except PermissionError:
        pass  # it runs, as somebody else
    raise Refused("cli.restore.running", note=note)
