"""A full disk: the person is told kindly, nothing half is kept, and afterwards everything works again."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from engine.conftest import Village

from cunzhi.base.errors import Refused
from cunzhi.engine import keeping
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.keeping import paths
from cunzhi.engine.models import Attachment
from cunzhi.engine.stories import GRID, picture
from cunzhi.journal.models import Entry


class SmallDisk(FileSystemStorage):
    """A folder on a disk with so many bytes left; what does not fit is cut off, as disks do it."""

    left = 10**9

    def _save(self, name: str, content: File) -> str:
        data = content.read()
        kept = data[: max(self.left, 0)]
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept)
        self.left -= len(data)
        if len(kept) < len(data):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return name


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    small = SmallDisk(location=tmp_path)
    monkeypatch.setattr(keeping, "default_storage", small)
    yield small


def files(disk: SmallDisk) -> list[str]:
    return sorted(path.name for path in Path(disk.location).rglob("*") if path.is_file())


def upload(village: Village, **more: Any) -> Attachment:
    given = {"data": picture("yard"), "field": "photos", "place_code": GRID, **more}
    return keep_picture(by=village.actor("villager"), **given)


@pytest.mark.parametrize("left", [0, 1000, 30_000], ids=["none", "a little", "not for the thumbnail"])
def test_upload_on_a_full_disk_is_refused_and_works_again_later(village: Village, disk: SmallDisk, left: int) -> None:
    whole = upload(village, data=picture("other"))
    size = disk.size(paths(whole.sha256)[0])
    noted = Entry.objects.count()
    disk.left = left if left < size else size + 100

    with pytest.raises(Refused) as refused:
        upload(village)

    assert refused.value.code == "engine.disk"
    assert "Nothing was lost" in str(refused.value)
    assert Attachment.objects.count() == 1
    assert len(files(disk)) == 2
    assert Entry.objects.count() == noted

    disk.left = 10**9
    kept = upload(village)

    assert [disk.exists(path) for path in paths(kept.sha256)] == [True, True]
    assert len(files(disk)) == 4


def test_picture_that_a_killed_process_cut_short_is_written_anew(village: Village, disk: SmallDisk) -> None:
    kept = upload(village)
    path = Path(disk.path(paths(kept.sha256)[0]))
    whole = path.read_bytes()
    path.write_bytes(whole[:100])

    upload(village)

    assert path.read_bytes() == whole
