"""Two files at once: one fire, nothing doubled."""

import pytest
from fires.banan import BY, make_county
from fires.rows import NOW, file, viirs
from ledger.crowd import by_threads

from cunzhi.base import clock
from cunzhi.fires.actions.taking import take
from cunzhi.fires.models import Detection, Event


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_make_one_fire() -> None:
    make_county()
    lines = [viirs(29.40 + number * 0.003) for number in range(3)]

    files = (lines[:2], lines[1:], lines, lines[::-1])

    def work(number: int) -> list[None]:
        with clock.at(NOW):
            take(by=BY, data=file(*files[number]), source="at once")
        return [None]

    by_threads(len(files), work)
    assert (Detection.objects.count(), Event.objects.count()) == (3, 1)
