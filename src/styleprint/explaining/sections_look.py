"""A recording section by section: what each sounds like, and how alike its moments are.

Sections, their letters and the likeness are those of :mod:`styleprint.sound.sections`; numbers are those of the
catalogue, of each section as a part of the recording (:mod:`styleprint.features.sound_part`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.features.sound_part import SoundPart
from styleprint.music.recording import Recording
from styleprint.music.score import FloatArray
from styleprint.sound.sections import Section, section_vectors

__all__ = ["NAMES", "SectionsLook", "look_at_sections"]

NAMES = (
    "integrated_loudness",
    "loudness_range",
    "tempo",
    "spectral_centroid_mean",
    "harmonic_over_percussive",
    "onset_rate",
)
"""Features that sections are compared by."""

_MOST_CELLS = 240


@dataclass(frozen=True, eq=False)
class SectionsLook:
    """Sections of a recording.

    Attributes
    ----------
    seconds : float
        Length of the recording.
    sections : tuple of Section
    numbers : tuple of mappings
        Of each section: `NAMES` → number, NaN where it has none.
    likeness : ndarray, shape (n, n)
        Cosines between moments, −1 to 1; at most 240 moments, each the mean of what lies in it.
    """

    seconds: float
    sections: tuple[Section, ...]
    numbers: tuple[Mapping[str, float], ...]
    likeness: FloatArray


def look_at_sections(recording: Recording) -> SectionsLook:
    """The sections of a recording."""
    context = SoundContext(recording)
    sections = tuple(context.sections)
    parts = (SoundPart(context, one.start_seconds, one.end_seconds) for one in sections)
    numbers = tuple(feature_row(part, NAMES) for part in parts)
    vectors = section_vectors(context.chroma, context.mfcc)
    starts = np.arange(0, len(vectors), -(-len(vectors) // _MOST_CELLS))
    means = np.add.reduceat(vectors, starts, axis=0)
    length = np.linalg.norm(means, axis=1, keepdims=True)
    unit = means / np.where(length > 0, length, 1.0)
    return SectionsLook(recording.seconds, sections, numbers, unit @ unit.T)
