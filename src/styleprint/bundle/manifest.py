"""A bundle's manifest: every member by hash and size, and what the bundle is."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from styleprint.bundle.members import json_from_bytes
from styleprint.support.errors import BundleError, StyleprintError

__all__ = ["FORMAT", "check_says", "describe_members", "no_manifest", "read_manifest"]

FORMAT = 3
"""2: the self-check covers typicality and the nearest pieces."""


def describe_members(members: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Hash and size of each member."""
    return {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in members.items()}


def read_manifest(members: Mapping[str, bytes], place: str) -> Mapping[str, Any]:
    """The manifest, once every member has the hash and the size that it states.

    Parameters
    ----------
    members : mapping of str to bytes
    place : str
        The file's name, for messages.

    Raises
    ------
    BundleError
        B105, where it does not; B106, where the bundle has another format.
    """
    manifest = json_from_bytes(members.get("manifest.json", b""), f"{place}, manifest.json")
    if not isinstance(manifest, dict) or type(manifest.get("format")) is not int:
        raise no_manifest(place, "it states no format")
    if manifest["format"] != FORMAT:
        raise BundleError(
            "B106",
            f"the bundle has format {manifest['format']}, and this version of styleprint reads format {FORMAT}.",
            remedy="Train the bundle again." if manifest["format"] < FORMAT else "Update styleprint.",
            place=place,
        )
    stated = manifest.get("members")
    if not isinstance(stated, dict) or set(stated) != set(members) - {"manifest.json"}:
        raise no_manifest(place, "it does not name each member once")
    for name, found in describe_members(members).items():
        if name != "manifest.json" and stated[name] != found:
            raise no_manifest(place, f"{name} has other bytes than it states")
    return manifest


def check_says(manifest: Mapping[str, Any], needed: Collection[str], place: str) -> None:
    """A manifest must say all this.

    Raises
    ------
    BundleError
        B105.
    """
    if missing := set(needed) - set(manifest):
        raise no_manifest(place, f"it lacks {', '.join(sorted(missing))}")


def no_manifest(place: str, why: str) -> StyleprintError:
    """The error for a manifest that does not describe its bundle."""
    return BundleError(
        "B105",
        f"a bundle's manifest must describe all that is in it, but {why}.",
        remedy="Train the bundle again.",
        place=place,
    )
