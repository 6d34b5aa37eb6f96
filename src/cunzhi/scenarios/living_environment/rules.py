"""The rules of the living environment: which closed reports are called back."""

import hashlib

from cunzhi.sdk import Facts


def sampled(facts: Facts) -> bool:
    """A fixed share of the reports, drawn by their numbers, so that nobody chooses which."""
    share: int = facts.numbers["call_back_share"]
    drawn = int(hashlib.sha256(facts.case.number.encode()).hexdigest()[:8], 16) % 100
    return drawn < share
