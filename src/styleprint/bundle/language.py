"""A trained model of language in one file ``*.styleprint``: the same container, other members.

``manifest.json`` (format, version, model, recipe, hash and size of every other member), ``model/`` (the state: arrays
and values), ``passages/`` (hashes of what the training pieces have, so that copying can be told; no music can be read
from them), ``counts/`` (how often each token occurs), ``pieces/`` (a vector a piece), ``pieces.json``, ``card.md`` and
``self-check.json`` (a short row of events and the bits that they must cost). Nothing is pickled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.bundle.archive import pack, read_bytes, unpack
from styleprint.bundle.manifest import FORMAT, check_says, describe_members, no_manifest, read_manifest
from styleprint.bundle.members import json_from_bytes, json_to_bytes, state_from_members, state_to_members
from styleprint.corpus.known_passages import KnownPassages
from styleprint.extraction.recipe import Recipe
from styleprint.models.language.hearing import INTERVALS
from styleprint.models.language.registry import LANGUAGE_MODELS
from styleprint.models.language.rows import FIELDS, SIZES, EventRows
from styleprint.support.atomic import write_bytes
from styleprint.support.errors import BundleError, StyleprintError, TableError
from styleprint.support.hashing import hash_bytes
from styleprint.version import __version__

__all__ = ["LanguageBundle", "holds_language", "load_language_bundle", "save_language_bundle"]

_NEEDED = ("model", "recipe", "styleprint")
_CHECKED_EVENTS = 24
_TOLERANCE_BITS = 1e-3
_WRONG_STATE = (KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True, eq=False)
class LanguageBundle:
    """A trained model of language and what belongs to it.

    Attributes
    ----------
    model : str
        Name in the registry of models of language.
    estimator : object
        Fitted; gives ``bits``, ``begin``, ``embeddings``.
    recipe : Recipe
        How a file becomes the row of events that the estimator reads.
    pieces : tuple of str
        Paths of the training pieces, in the order that the estimator learnt them.
    passages : KnownPassages
        Of the training pieces.
    counts : mapping of str to ndarray of int
        Field → how often each of its tokens occurs in the training pieces; ``interval`` → how often each interval from
        a note to one that sounds, −24 to 24 semitones, which bundles may lack.
    tempo_qpm : float
        At which new pieces are written where nothing else is asked for; events know none of their own.
    card : str
        Markdown.
    vectors : ndarray of float32, shape (n_pieces, size), or None
        Of the training pieces (:mod:`styleprint.generation.piece_states`); None in bundles that were made without.
    version : str
        Of the styleprint that made it.
    identity : str
        SHA-256 of the file it was read from; empty of a bundle that was not.
    """

    model: str
    estimator: Any
    recipe: Recipe
    pieces: tuple[str, ...]
    passages: KnownPassages
    counts: Mapping[str, npt.NDArray[np.int64]]
    tempo_qpm: float
    card: str
    vectors: npt.NDArray[np.float32] | None = None
    version: str = __version__
    identity: str = ""


def save_language_bundle(bundle: LanguageBundle, path: Path) -> None:
    """Write a bundle, whole or not at all.

    Raises
    ------
    WriteError
    """
    members = state_to_members("model", bundle.estimator.to_state())
    members |= state_to_members("passages", bundle.passages.to_state())
    members |= state_to_members("counts", bundle.counts)
    if bundle.vectors is not None:
        members |= state_to_members("pieces", {"vectors": bundle.vectors})
    members["pieces.json"] = json_to_bytes(list(bundle.pieces))
    members["card.md"] = bundle.card.encode()
    rows = _checked_rows()
    check = {"events": rows.events.tolist(), "bits": bundle.estimator.bits(rows).tolist()}
    members["self-check.json"] = json_to_bytes(check)
    manifest = {
        "format": FORMAT,
        "styleprint": __version__,
        "model": bundle.model,
        "recipe": bundle.recipe.to_json(),
        "tempo_qpm": bundle.tempo_qpm,
        "members": describe_members(members),
    }
    write_bytes(path, pack(members | {"manifest.json": json_to_bytes(manifest)}))


def holds_language(path: Path) -> bool:
    """Whether a bundle holds a model of language; of what it holds nothing else is looked at.

    Raises
    ------
    BundleError
        Where the file is no bundle.
    """
    place = str(path)
    manifest = read_manifest(unpack(read_bytes(path), place), place)
    return manifest.get("model") in tuple(LANGUAGE_MODELS)


def load_language_bundle(path: Path) -> LanguageBundle:
    """Read a bundle and check that it answers as it did when it was written.

    Raises
    ------
    BundleError
        As :func:`styleprint.bundle.bundle.load_bundle` does; B109, where it holds no model of language.
    """
    place = str(path)
    data = read_bytes(path)
    members = unpack(data, place)
    manifest = read_manifest(members, place)
    check_says(manifest, _NEEDED, place)
    if not isinstance(manifest["model"], str):
        raise no_manifest(place, "its model is not known here")
    if manifest["model"] not in LANGUAGE_MODELS:
        raise BundleError(
            "B109",
            f"a bundle must hold a model of language, but this one holds {manifest['model']!r}.",
            remedy=f"Train one: --model {', '.join(LANGUAGE_MODELS)}.",
            place=place,
        )
    try:
        recipe = Recipe.from_json(manifest["recipe"])
        recipe.check_versions()
    except TableError as error:
        raise BundleError("B107", error.message, remedy=error.remedy, place=place) from error
    try:
        with np.errstate(all="ignore"):  # numbers that run over end as answers that are refused
            return replace(_build(manifest, recipe, members, place), identity=hash_bytes(data))
    except BundleError:
        raise
    except (*_WRONG_STATE, StyleprintError, MemoryError, RecursionError) as error:
        raise BundleError(
            "B120",
            f"the bundle's model must be complete, but is damaged ({type(error).__name__}: {error}).",
            remedy="Train it again.",
            place=place,
        ) from error


def _build(manifest: Mapping[str, Any], recipe: Recipe, members: Mapping[str, bytes], place: str) -> LanguageBundle:
    estimator = LANGUAGE_MODELS.load(manifest["model"]).from_state(state_from_members("model", members, place))
    passages = KnownPassages.from_state(state_from_members("passages", members, place))
    counts = _counts(state_from_members("counts", members, place))
    pieces = tuple(str(path) for path in json_from_bytes(members["pieces.json"], place))
    vectors = _vectors(state_from_members("pieces", members, place), len(pieces))
    tempo = float(manifest["tempo_qpm"])
    if estimator.n_rows_ != len(pieces) or not 1 <= tempo <= 1000:
        raise ValueError("a bundle must name each piece that its model learnt from, and a tempo")
    if len(passages.piece) and not (passages.piece.min() >= 0 and passages.piece.max() < len(pieces)):
        raise ValueError("passages must be of pieces that the bundle names")
    _check(estimator, json_from_bytes(members["self-check.json"], place), place)
    return LanguageBundle(
        model=manifest["model"],
        estimator=estimator,
        recipe=recipe,
        pieces=pieces,
        passages=passages,
        counts=counts,
        tempo_qpm=tempo,
        card=members["card.md"].decode(),
        vectors=vectors,
        version=str(manifest["styleprint"]),
    )


def _counts(state: Mapping[str, Any]) -> dict[str, npt.NDArray[np.int64]]:
    sizes = dict(zip(FIELDS, SIZES, strict=True)) | ({"interval": INTERVALS - 1} if "interval" in state else {})
    counts = {name: np.asarray(state[name], dtype=np.int64) for name in sizes}
    if any(len(counts[name]) != size or counts[name].min() < 0 for name, size in sizes.items()):
        raise ValueError("each token must have a count, and no count may be negative")
    return counts


def _vectors(state: Mapping[str, Any], n_pieces: int) -> npt.NDArray[np.float32] | None:
    if "vectors" not in state:
        return None
    vectors: npt.NDArray[np.float32] = np.asarray(state["vectors"], dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != n_pieces or not np.isfinite(vectors).all():
        raise ValueError("each piece must have a vector of finite numbers")
    return vectors


def _checked_rows() -> EventRows:
    """Events that use all vocabularies, the same for every bundle."""
    place = np.arange(_CHECKED_EVENTS)[:, None] * np.array([5, 3, 7, 11])
    return EventRows.of([(place % np.array(SIZES)).astype(np.int32)])


def _check(estimator: Any, told: Mapping[str, Any], place: str) -> None:
    rows = _checked_rows()
    found, expected = estimator.bits(rows), np.asarray(told["bits"], dtype=np.float64)
    same = told["events"] == rows.events.tolist() and found.shape == expected.shape
    if not (same and np.isfinite(found).all() and (abs(found - expected) <= _TOLERANCE_BITS).all()):
        raise BundleError(
            "B121",
            "a bundle must answer as it did when it was trained, but its self-check comes out otherwise.",
            remedy="Train it again on this machine, and report this.",
            place=place,
        )
