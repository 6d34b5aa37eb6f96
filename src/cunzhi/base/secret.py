"""Secrets that programs and devices show: made by chance, kept as a hash."""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret(prefix: str) -> str:
    """256 random bits behind a prefix, so that people and programs that look for leaked secrets know one."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of a secret. 256 random bits cannot be guessed from a plain hash: no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
