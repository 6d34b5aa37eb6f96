"""The open leaves by record and by public content: a table made of the leaves alone, once a round."""

from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Max

from cunzhi.journal.log import SEQUENCER, lock
from cunzhi.journal.models import OpenLeaf, SignedHead

PICKED = {"sqlite": "json_extract(content, '$.{}')", "postgresql": "content::json ->> '{}'"}
# An open leaf names its record, and no text within a leaf holds a quotation mark that is not escaped.
INSERT = """
INSERT INTO journal_openleaf (id, record, version, public_hash)
SELECT id, {record}, CAST({version} AS integer), coalesce({public}, '')
FROM journal_leaf WHERE id >= %s AND content LIKE '%%"record":%%' ORDER BY id
"""


@transaction.atomic
def list_open_leaves() -> None:
    """List all open leaves that are not listed yet, also those of a round that was ended before it came to this."""
    lock(SEQUENCER)
    picked = {name: PICKED[connection.vendor].format(name) for name in ("record", "version", "public")}
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(**picked), [_listed_before()])


def _listed_before() -> int:
    """All below is listed: leaves are listed in their order, and no size is signed before they are."""
    newest = OpenLeaf.objects.aggregate(newest=Max("pk"))["newest"]
    signed = SignedHead.objects.aggregate(size=Max("size"))["size"]
    return max(-1 if newest is None else newest, (signed or 0) - 1) + 1


def listed_versions(records: Collection[str]) -> dict[str, int]:
    """How many leaves each of these records has, as far as they are listed."""
    listed = OpenLeaf.objects.filter(record__in=records).values_list("record").annotate(newest=Max("version"))
    return dict.fromkeys(records, 0) | dict(listed.order_by())
