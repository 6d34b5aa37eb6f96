"""No value without its datastream and its feature, whichever way somebody writes or deletes: the database keeps it."""

from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from test_roll_ups import NOON, see, stream  # noqa: F401  a fixture

from cunzhi.perception.models import Datastream, FeatureOfInterest, Observation, Thing


def value(**more: Any) -> Observation:
    seen = Observation.objects.get()
    given = {"datastream_id": seen.datastream_id, "feature_id": seen.feature_id, "key": "other", **more}
    return Observation(at=NOON, kind="n", number=1.0, taken_at=NOON, **given)


@pytest.mark.parametrize("link", ["datastream_id", "feature_id"])
def test_value_without_what_it_belongs_to_is_refused(stream: Datastream, link: str) -> None:  # noqa: F811
    see(stream, 1.0, NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.bulk_create([value(), value(**{link: 999_999, "key": "third"})])
        connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.update(**{link: 999_999})
        connection.check_constraints()
    assert Observation.objects.count() == 1


@pytest.mark.parametrize("model", [Datastream, FeatureOfInterest])
def test_what_has_values_cannot_vanish_beneath_them(stream: Datastream, model: Any) -> None:  # noqa: F811
    see(stream, 1.0, NOON)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
        connection.check_constraints()
    assert Observation.objects.count() == 1


def test_values_may_be_about_nothing_and_go_with_their_thing(stream: Datastream) -> None:  # noqa: F811
    see(stream, 1.0, NOON)
    Observation.objects.bulk_create([value(feature_id=None)])
    Thing.objects.all().delete()
    assert Observation.objects.count() == 0


@pytest.mark.parametrize("first", ["value", "deletion"])
def test_value_and_deletion_at_once_leave_no_value_alone(
    transactional_db: None,
    stream: Datastream,  # noqa: F811
    first: str,
) -> None:
    """Whoever comes second waits for the first, and is then refused."""
    see(stream, 1.0, NOON)
    made = value()
    Observation.objects.all().delete()
    outcomes: list[str] = []

    def write() -> None:
        Observation.objects.bulk_create([made])

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM perception_datastream")

    def second() -> None:
        try:
            (delete if first == "value" else write)()
            outcomes.append("done")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    thread = Thread(target=second)
    with transaction.atomic():
        (write if first == "value" else delete)()
        thread.start()
        thread.join(0.5)
        assert outcomes == []
    thread.join(20)
    assert outcomes == ["refused"]
    assert Observation.objects.count() == Datastream.objects.count() == (1 if first == "value" else 0)
