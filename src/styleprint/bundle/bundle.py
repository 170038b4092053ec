"""What was trained, in one file ``*.styleprint``: save, load, ask.

Members: ``manifest.json`` (format, version, model, recipe, classes, hash and size of every other member),
``model/`` (the estimator's state), ``known/`` and ``pieces.json`` (fingerprints and names of the training
pieces, so that a copy is recognised), ``ranges/`` (of features in each class), ``make.json`` (how recordings were
made), ``evaluation.json``, ``card.md`` and ``self-check.json`` (a few rows with the probabilities that they must get).
Nothing is pickled: a bundle can only hold numbers and text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.bundle.archive import pack, read_bytes, unpack
from styleprint.bundle.make_ranges import MakeRanges
from styleprint.bundle.manifest import FORMAT, check_says, describe_members, no_manifest, read_manifest
from styleprint.bundle.members import json_from_bytes, json_to_bytes, state_from_members, state_to_members
from styleprint.bundle.ranges import ClassRanges
from styleprint.bundle.self_check import check_rows, rows_to_json
from styleprint.corpus.copies import KnownPieces
from styleprint.corpus.known_recordings import KnownRecordings
from styleprint.extraction.recipe import Recipe
from styleprint.models.language.registry import LANGUAGE_MODELS
from styleprint.models.registry import MODELS, load_model
from styleprint.support.atomic import write_bytes
from styleprint.support.errors import BundleError, StyleprintError, TableError
from styleprint.support.hashing import hash_bytes
from styleprint.version import __version__

__all__ = ["FORMAT", "Bundle", "load_bundle", "save_bundle"]

_NEEDED = ("model", "recipe", "classes", "shares", "has_known_pieces", "styleprint")
_SELF_CHECK_ROWS = 3
_WRONG_STATE = (KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError)


@dataclass(frozen=True, eq=False)
class Bundle:
    """A trained model and what belongs to it.

    Attributes
    ----------
    model : str
        Name in the registry.
    estimator : object
        Fitted; gives ``predict_proba``, ``typicality``, ``nearest``.
    recipe : Recipe
        How a file becomes the row that the estimator reads.
    pieces : tuple of mappings
        ``path``, ``label``, ``work`` of the training pieces, in the order that the estimator learnt them.
    known : KnownPieces, KnownRecordings or None
        Their fingerprints.
    shares : mapping of str to float
        Class → share of the training pieces: the prior that the probabilities contain.
    evaluation : mapping or None
        The JSON of an evaluation of this model on this corpus.
    card : str
        Markdown.
    ranges : ClassRanges or None
        What is usual in each class; None of a model of sequences alone and of older bundles.
    make : MakeRanges or None
        How the recordings were made that it learnt from; None of scores and tables.
    version : str
        Of the styleprint that made it.
    identity : str
        SHA-256 of the file it was read from, in hexadecimal; empty of a bundle that was not.
    """

    model: str
    estimator: Any
    recipe: Recipe
    pieces: tuple[Mapping[str, str], ...]
    known: KnownPieces | KnownRecordings | None
    shares: Mapping[str, float]
    evaluation: Mapping[str, Any] | None
    card: str
    ranges: ClassRanges | None = None
    make: MakeRanges | None = None
    version: str = __version__
    identity: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the estimator's columns."""
        return tuple(str(name) for name in self.estimator.classes_)


def save_bundle(bundle: Bundle, path: Path, inputs: pd.DataFrame) -> None:
    """Write a bundle, whole or not at all.

    Parameters
    ----------
    bundle : Bundle
    path : Path
    inputs : DataFrame
        The training inputs; the shortest rows become the self-check.

    Raises
    ------
    WriteError
    """
    members = state_to_members("model", bundle.estimator.to_state())
    if bundle.known is not None:
        members |= state_to_members("known", bundle.known.to_state())
    if bundle.ranges is not None:
        members |= state_to_members("ranges", bundle.ranges.to_state())
    members["pieces.json"] = json_to_bytes([dict(piece) for piece in bundle.pieces])
    members["evaluation.json"] = json_to_bytes(bundle.evaluation)
    if bundle.make is not None:
        members["make.json"] = json_to_bytes(bundle.make.to_json())
    members["card.md"] = bundle.card.encode()
    members["self-check.json"] = json_to_bytes(rows_to_json(bundle.estimator, inputs, _SELF_CHECK_ROWS))
    manifest = {
        "format": FORMAT,
        "styleprint": __version__,
        "model": bundle.model,
        "recipe": bundle.recipe.to_json(),
        "classes": list(bundle.classes),
        "shares": dict(bundle.shares),
        "has_known_pieces": bundle.known is not None,
        "has_ranges": bundle.ranges is not None,
        "members": describe_members(members),
    }
    write_bytes(path, pack(members | {"manifest.json": json_to_bytes(manifest)}))


def load_bundle(path: Path) -> Bundle:
    """Read a bundle and check that it answers as it did when it was written.

    Raises
    ------
    BundleError
        B100–B104 for the file, B105 for the manifest, B106 for another format, B107 for features of another version,
        B110–B114 for its members, B120 where the model's state is damaged, B121 where it answers otherwise.
    """
    place = str(path)
    data = read_bytes(path)
    members = unpack(data, place)
    manifest = _read_manifest(members, place)
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


def _build(manifest: Mapping[str, Any], recipe: Recipe, members: Mapping[str, bytes], place: str) -> Bundle:
    estimator = load_model(manifest["model"]).from_state(state_from_members("model", members, place))
    if estimator.classes_.tolist() != manifest["classes"]:
        raise ValueError("the classes of the model and of the manifest differ")
    known: KnownPieces | KnownRecordings | None = None
    if manifest["has_known_pieces"]:
        state = state_from_members("known", members, place)
        known = (KnownRecordings if recipe.kind == "recording" else KnownPieces).from_state(state)
    ranges = None
    if manifest.get("has_ranges"):
        ranges = ClassRanges.from_state(state_from_members("ranges", members, place), len(manifest["classes"]))
    pieces = json_from_bytes(members["pieces.json"], place)
    bundle = Bundle(
        model=manifest["model"],
        estimator=estimator,
        recipe=recipe,
        pieces=tuple({key: str(piece[key]) for key in ("path", "label", "work")} for piece in pieces),
        known=known,
        shares={name: float(manifest["shares"][name]) for name in manifest["classes"]},
        evaluation=json_from_bytes(members["evaluation.json"], place),
        card=members["card.md"].decode(),
        ranges=ranges,
        make=MakeRanges.from_json(json_from_bytes(members["make.json"], place)) if "make.json" in members else None,
        version=str(manifest["styleprint"]),
    )
    _check(bundle, place)
    check_rows(estimator, json_from_bytes(members["self-check.json"], place), place)
    return bundle


def _check(bundle: Bundle, place: str) -> None:
    shares = np.array(list(bundle.shares.values()))
    if not (np.isfinite(shares).all() and (shares > 0).all() and abs(shares.sum() - 1) < 1e-6):
        raise BundleError("B120", "a bundle's class shares must be positive and sum to 1.", place=place)
    if bundle.estimator.n_rows_ != len(bundle.pieces):
        raise BundleError("B120", "a bundle must name each piece that its model learnt from.", place=place)
    if not isinstance(bundle.evaluation, dict | None):
        raise BundleError("B120", "a bundle's evaluation must be named figures, or none.", place=place)
    if bundle.known is not None and len(bundle.known) != len(bundle.pieces):
        raise BundleError("B120", "a bundle must name each piece that it knows.", place=place)


def _read_manifest(members: Mapping[str, bytes], place: str) -> Mapping[str, Any]:
    """The manifest of a model that identifies.

    Raises
    ------
    BundleError
        B108, where the bundle holds a model of language.
    """
    manifest = read_manifest(members, place)
    check_says(manifest, _NEEDED[:1], place)
    if not isinstance(manifest["model"], str):
        raise no_manifest(place, "its model is not known here")
    if manifest["model"] in LANGUAGE_MODELS:
        raise BundleError(
            "B108",
            "a bundle must hold a model that identifies, but this one holds a model of language.",
            remedy="Train a model that identifies.",
            place=place,
        )
    check_says(manifest, _NEEDED, place)
    if manifest["model"] not in MODELS:
        raise no_manifest(place, "its model is not known here")
    return manifest


def class_shares(labels: Sequence[str], weights: Sequence[float]) -> dict[str, float]:
    """Share of the weight that each label has, by name."""
    total: dict[str, float] = {}
    for label, weight in zip(labels, weights, strict=True):
        total[label] = total.get(label, 0.0) + weight
    whole = sum(total.values())
    return {label: total[label] / whole for label in sorted(total)}
