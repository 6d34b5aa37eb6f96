"""A log that outsiders check without trusting us: Merkle tree, signed heads, proofs. No Django, no database."""
