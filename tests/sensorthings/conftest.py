"""What the tests of SensorThings stand on."""

import pytest
from stations import THING, Sender, keeper, make_county

from cunzhi.api import throttle


@pytest.fixture
def cadre(db: None) -> Sender:
    """The program of a village cadre."""
    make_county()
    return keeper()


@pytest.fixture
def gauge(cadre: Sender) -> int:
    """A rain gauge with one datastream, which has the same number order as everything made first."""
    return cadre.post("/Things", THING)


@pytest.fixture
def stream(cadre: Sender, gauge: int) -> int:
    """Its datastream."""
    return int(cadre.get(f"/Things({gauge})/Datastreams")["value"][0]["@iot.id"])


@pytest.fixture(autouse=True)
def many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits have a test of their own."""
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(caller=100_000, address=100_000, failed=100_000))
