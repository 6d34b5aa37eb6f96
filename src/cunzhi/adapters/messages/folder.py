"""Messages as files in a folder: the sender of a fresh installation, so that a demo can be looked at."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from cunzhi.adapters.messages.port import Delivery
from cunzhi.base import clock


class FolderSender:
    """One JSON file a message, named after its key; whole or not there at all, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, to: str, text: str, *, key: str) -> Delivery:
        path = self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
        message = {"to": to, "text": text, "key": key, "sent_at": clock.now().isoformat()}
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                _write(path, json.dumps(message, ensure_ascii=False, indent=2))
        except OSError as error:
            return Delivery(ok=False, detail=f"{path}: {error.strerror}")
        return Delivery(ok=True, detail=str(path))


def _write(path: Path, content: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
