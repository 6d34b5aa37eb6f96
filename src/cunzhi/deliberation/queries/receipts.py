"""Looking a ballot up by its receipt: that it is there and whether it counts, never how it was cast."""

from dataclasses import dataclass

from cunzhi.base.errors import Refused
from cunzhi.deliberation.models import Ballot, Topic

FIGURES = 16


@dataclass(frozen=True)
class Receipt:
    """What the holder of a receipt is told: `standing` is counts, replaced or struck."""

    text: str
    hashed: str
    way: str
    standing: str


def receipt_text(ballot: Ballot) -> str:
    """The first sixteen signs of the ballot's hash, in fours, to be written down."""
    return " ".join(ballot.hashed[start : start + 4] for start in range(0, FIGURES, 4))


def find_receipt(topic: Topic, typed: str) -> Receipt:
    """The ballot of a receipt; refused when there is none such."""
    wanted = "".join(typed.split()).lower()
    if len(wanted) < FIGURES or len(wanted) > 64 or set(wanted) - set("0123456789abcdef"):
        raise Refused("deliberation.receipt.shape", field="receipt", figures=FIGURES)
    found = topic.ballots.filter(hashed__startswith=wanted).select_related("voter", "sheet").first()
    if found is None:
        raise Refused("deliberation.receipt.unknown", field="receipt")
    later = Ballot.objects.filter(topic=topic, voter=found.voter, sheet=found.sheet, turn__gt=found.turn).exists()
    struck = found.voter is not None and found.voter.struck_at is not None
    standing = "struck" if struck else "replaced" if later else "counts"
    return Receipt(receipt_text(found), found.hashed, found.way, standing)
