"""Which detections are one fire.

Two detections belong together when they are at most 800 m and at most 6 hours apart, and so does whatever is linked by
others in between. What has grown wider than 1.2 km is split into parts of at most that width. The order in which
detections come does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from cunzhi.fires.geometry import in_space

NEAR, WIDE = 800.0, 1200.0
"""Metres."""
SOON = timedelta(hours=6)


@dataclass(frozen=True, order=True)
class Seen:
    """What of a detection decides to which fire it belongs; `id` tells apart what is else the same."""

    at: datetime
    latitude: float
    longitude: float
    id: int


def clusters(seen: Sequence[Seen]) -> list[list[Seen]]:
    """Every fire as its detections in the order of time, the earliest fire first."""
    ordered = sorted(seen)
    if not ordered:
        return []
    places = in_space([(one.latitude, one.longitude) for one in ordered])
    found = [part for linked in _linked(ordered, places) for part in _split(linked, places)]
    return sorted([ordered[index] for index in part] for part in found)


def _linked(ordered: Sequence[Seen], places: np.ndarray) -> list[list[int]]:
    """Indices of detections that hang together."""
    pairs = cKDTree(places).query_pairs(NEAR, output_type="ndarray")
    near = [(a, b) for a, b in pairs.tolist() if abs(ordered[a].at - ordered[b].at) <= SOON]
    size = len(ordered)
    rows, columns = ([pair[side] for pair in near] for side in (0, 1))
    links = coo_array((np.ones(len(near)), (rows, columns)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    return _grouped(range(size), labels)


def _split(linked: Sequence[int], places: np.ndarray) -> list[list[int]]:
    """The same, in parts that are nowhere wider than allowed."""
    if len(linked) < 2:
        return [list(linked)]
    apart = pdist(places[list(linked)])
    if apart.max() <= WIDE:
        return [list(linked)]
    return _grouped(linked, fcluster(linkage(apart, "complete"), WIDE, "distance"))


def _grouped(indices: Sequence[int], labels: np.ndarray) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for index, label in zip(indices, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(index)
    return list(groups.values())
