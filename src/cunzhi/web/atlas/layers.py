"""The layers of the map in the order in which they are drawn and listed; a new one is a line here."""

from cunzhi.web.atlas import alarms, fires, sensors, warnings
from cunzhi.web.atlas.layer import Layer

LAYERS: dict[str, Layer] = {one.name: one for one in (warnings.LAYER, alarms.LAYER, fires.LAYER, sensors.LAYER)}
