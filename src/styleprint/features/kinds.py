"""The kinds of music that become rows: what a row of each is made with, and in which forms its pieces may teach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from styleprint.features import make, sound_make
from styleprint.features.context import ScoreContext
from styleprint.features.sound_context import SoundContext
from styleprint.features.sound_part import SoundPart
from styleprint.features.streams import chord_variants
from styleprint.music import changes, variants
from styleprint.sound import changes as sound_changes
from styleprint.sound import variants as sound_variants
from styleprint.sound.variants import Strength
from styleprint.support.hashing import hash_json

__all__ = ["KINDS", "SEQUENCES", "Forms", "RecordKind", "variant_key"]


@dataclass(frozen=True)
class Forms:
    """The forms in which a piece may teach.

    Attributes
    ----------
    variants : mapping of str to callable
        Piece and generator → piece, the same one where there is nothing to change; those with a strength may be given
        it too.
    strengths : mapping of str to Strength
        Of those of :attr:`variants` that have one.
    """

    variants: Mapping[str, Callable[..., Any]]
    strengths: Mapping[str, Strength]

    def draw(self, piece: Any, piece_hash: str, key: str) -> Any:
        """The piece in another form.

        Parameters
        ----------
        piece : Score, Recording or ndarray
        piece_hash : str
            What is drawn depends on it and on the key alone.
        key : str
            What :func:`variant_key` makes of a name of :attr:`variants`.
        """
        stated_name, seed, number = key.split(":")
        drawn = hash_json([piece_hash, stated_name, int(seed), int(number)])
        name, _, strength = stated_name.partition("@")
        stated = (float(strength),) if strength else ()
        return self.variants[name](piece, np.random.default_rng(int(drawn, 16)), *stated)


@dataclass(frozen=True)
class RecordKind(Forms):
    """What a row of this kind is made with.

    Attributes
    ----------
    variants, strengths : as :class:`Forms` has them
        Of records.
    context : callable
        Record → what features share.
    changes : mapping of str to callable
        Variants with fixed parameters: record → record.
    part : callable
        (context, start, end) → the context of what lies between, in the kind's unit of time.
    make_columns : tuple of str
        Names of what :attr:`make` tells.
    make : callable
        Context → how the file was made.
    """

    context: Callable[[Any], Any]
    changes: Mapping[str, Callable[[Any], Any]]
    part: Callable[[Any, float, float], Any]
    make_columns: tuple[str, ...]
    make: Callable[[Any], dict[str, float]]

    def change(self, record: Any, variant: str) -> Any:
        """The record after a change.

        Parameters
        ----------
        record : Score or Recording
        variant : str
            A name of :attr:`changes`, or what :func:`variant_key` makes of a name of :attr:`variants`. What the second
            kind draws depends on the hash of the piece, the name, the seed and the number alone.
        """
        if variant in self.changes:
            return self.changes[variant](record)
        return self.draw(record, record.source.hash, variant)


def variant_key(name: str, seed: int, number: int) -> str:
    """What a variant that draws its amount is called: another number, another draw.

    The name may state a strength, as ``noisy@20``.
    """
    return f"{name}:{seed}:{number}"


def _make_of_score(context: ScoreContext) -> dict[str, float]:
    return {**make.make_row(context.score), **make.instrumentation_row(context.score)}


def _part_of_score(context: ScoreContext, start_quarters: float, end_quarters: float) -> ScoreContext:
    return ScoreContext(changes.cut_span(context.score, start_quarters, end_quarters))


KINDS: Mapping[str, RecordKind] = MappingProxyType(
    {
        "score": RecordKind(
            context=ScoreContext,
            changes=changes.CHANGES,
            variants=variants.VARIANTS,
            strengths=MappingProxyType({}),
            part=_part_of_score,
            make_columns=(*make.MAKE_COLUMNS, *make.INSTRUMENTATION_COLUMNS),
            make=_make_of_score,
        ),
        "recording": RecordKind(
            context=SoundContext,
            changes=sound_changes.CHANGES,
            variants=sound_variants.VARIANTS,
            strengths=sound_variants.STRENGTHS,
            part=SoundPart,
            make_columns=sound_make.SOUND_MAKE_COLUMNS,
            make=sound_make.sound_make_row,
        ),
    }
)
"""Kind → what its rows are made with; spans of scores are in quarters, of recordings in seconds."""

SEQUENCES: Mapping[str, Forms] = MappingProxyType({"chords": Forms(chord_variants.VARIANTS, MappingProxyType({}))})
"""Vocabulary of sequences from files → the forms in which they may teach."""
