"""Hashes that are equal on every machine, in every run, for any number of workers."""

import hashlib
import json
from pathlib import Path
from typing import IO

__all__ = ["hash_bytes", "hash_file", "hash_json", "hash_open"]

_BLOCK = 1 << 20


def hash_bytes(data: bytes) -> str:
    """SHA-256 of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hash_open(file)


def hash_open(file: IO[bytes]) -> str:
    """SHA-256 of what an open file still holds, read in blocks of 1 MiB."""
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def hash_json(value: object) -> str:
    """SHA-256 of a value that JSON can hold; keys are sorted, so order of insertion does not count."""
    return hash_bytes(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode())
