"""New observations are told to whoever subscribed, by whichever way they came in."""

import json
from collections import deque

from cunzhi.adapters.broker.mqtt import Broker, Connection
from cunzhi.perception.models import Observation
from cunzhi.perception.reading import result_of
from cunzhi.perception.times import told, told_span

AT_ONCE = 1000
BACK = 5000
"""Numbers are given before a commit: so far back we look for rows that were committed late."""


class Teller:
    """What was told so far; whoever subscribes later, or was away, asks over HTTP."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._last: int = Observation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._first = self._last
        self._told: set[int] = set()
        self._order: deque[int] = deque()
        self._heard: set[int] = set()

    def heard(self, numbers: list[int]) -> None:
        """These came by the broker, which handed them to the subscribers of their datastream already."""
        if not self.broker.prefix:
            self._heard |= set(numbers)

    def tell(self, connection: Connection) -> int:
        """Publish what is new; how many there were."""
        since = max(self._first, self._last - BACK)
        rows = Observation.objects.filter(pk__gt=since).exclude(pk__in=[one for one in self._told if one > since])
        new = list(rows.order_by("pk")[:AT_ONCE])
        for one in new:
            payload = json.dumps(content(one), ensure_ascii=False).encode()
            connection.publish("v1.1/Observations", payload)
            if one.pk not in self._heard:
                connection.publish(f"v1.1/Datastreams({one.datastream_id})/Observations", payload)
            self._heard.discard(one.pk)
            self._remember(one.pk)
        return len(new)

    def _remember(self, number: int) -> None:
        self._last = max(self._last, number)
        self._told.add(number)
        self._order.append(number)
        while len(self._order) > 2 * BACK:
            self._told.discard(self._order.popleft())


def content(one: Observation) -> dict[str, object]:
    """An observation as subscribers get it."""
    return {
        "@iot.id": one.pk,
        "phenomenonTime": told_span(one.at, one.until),
        "result": result_of(one.kind, one.number, one.text),
        "resultTime": told(one.result_at),
        "parameters": one.parameters,
        "Datastream": {"@iot.id": one.datastream_id},
    }
