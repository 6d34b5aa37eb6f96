"""What an observation is about when nobody says so: the place of its thing."""

from django.db.models import QuerySet
from shapely.geometry import mapping

from cunzhi.base.prepared import Prepared
from cunzhi.perception.models import Datastream, FeatureOfInterest, Location, Thing
from cunzhi.perception.shapes import GEOJSON, geometry_of


def _known(thing: int) -> QuerySet[FeatureOfInterest, tuple[int]]:
    rows = FeatureOfInterest.objects.filter(of_location__things=thing)
    return rows.order_by("of_location_id").values_list("pk")


KNOWN = Prepared(_known, thing=271828182)


def derived_feature(thing_id: int) -> int | None:
    """The feature made from where the thing is, made once and used again; None where the thing has no location."""
    known = KNOWN.run(thing=thing_id, most=1)
    if known:
        return int(known[0][0])
    where = list(Location.objects.filter(things=thing_id).order_by("pk"))
    if not where:
        return None
    chosen = next((one for one in where if one.encoding_type in GEOJSON), where[0])
    made = FeatureOfInterest(
        name=chosen.name,
        description=chosen.description,
        encoding_type=chosen.encoding_type,
        feature=chosen.location,
        place_code=Thing.objects.values_list("place_code", flat=True).get(pk=thing_id),
        of_location=chosen,
    )
    FeatureOfInterest.objects.bulk_create([made], ignore_conflicts=True)
    return FeatureOfInterest.objects.values_list("pk", flat=True).get(of_location=chosen)


def widen_area(datastream: Datastream, feature_id: int) -> None:
    """Make the observed area of a datastream hold one more feature."""
    content = FeatureOfInterest.objects.values_list("feature", flat=True).filter(pk=feature_id).first()
    more, area = geometry_of(content), geometry_of(datastream.observed_area)
    datastream.seen_feature = feature_id
    if more is None or more.is_empty or (area is not None and area.covers(more)):
        return
    whole = more if area is None else area.union(more).convex_hull
    datastream.observed_area = mapping(whole)
