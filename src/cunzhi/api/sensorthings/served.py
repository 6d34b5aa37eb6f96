"""What of SensorThings 1.1 is served here, and what is not: told at the service root and in the reference."""

SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = [
    f"{SPEC}/datamodel",
    f"{SPEC}/resource-path/resource-path-to-entities",
    f"{SPEC}/request-data",
    f"{SPEC}/create-update-delete",
    f"{SPEC}/batch-request/batch-request",
    f"{SPEC}/data-array/data-array",
    f"{SPEC}/create-observations-via-mqtt/observations-creation",
]
NOT_SERVED = {
    "MultiDatastreams": "Use one Datastream for each quantity.",
    "receive-updates-via-mqtt": "New Observations are published; other entities, properties and $select are not.",
    "$filter=result/…": "Results that are JSON are not filtered by what is in them.",
    "any, all": "A path through a link with many ends means: at least one of them.",
    "links by $ref": "Links are changed by PATCH, not by POST or DELETE on $ref.",
}
