"""Two files at once: one fire, nothing doubled."""

from threading import Thread

import pytest
from django.db import close_old_connections, connection
from fires.banan import BY, make_county
from fires.rows import NOW, file, viirs

from cunzhi.base import clock
from cunzhi.fires.actions.taking import take
from cunzhi.fires.models import Detection, Event


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_make_one_fire() -> None:
    make_county()
    lines = [viirs(29.40 + number * 0.003) for number in range(3)]

    def work(mine: list[str]) -> None:
        try:
            with clock.at(NOW):
                take(by=BY, data=file(*mine), source="at once")
        finally:
            connection.close()

    threads = [Thread(target=work, args=(mine,)) for mine in (lines[:2], lines[1:], lines, lines[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    close_old_connections()
    assert (Detection.objects.count(), Event.objects.count()) == (3, 1)
