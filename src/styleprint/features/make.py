"""How a file was made: numbers for audits alone, never for identification.

If these name the composer as well as the music does, the music may not be what was recognised.
`MAKE_COLUMNS` tell the encoder and the program; `INSTRUMENTATION_COLUMNS` tell the scoring too, and so
stand apart. Neither holds the number of notes, which is music. NaN is what a format does not tell.
"""

import zlib

import numpy as np
import numpy.typing as npt

from styleprint.features.numbers import deviation, mean, share
from styleprint.music.score import FloatArray, Score

__all__ = ["INSTRUMENTATION_COLUMNS", "MAKE_COLUMNS", "instrumentation_row", "make_row"]

_GRIDS = (1, 2, 3, 4, 6, 8, 12, 16)
_EXACT_QUARTERS = 1e-4
_GM_FAMILIES = (
    "piano",
    "chromatic_percussion",
    "organ",
    "guitar",
    "bass",
    "strings",
    "ensemble",
    "brass",
    "reed",
    "pipe",
    "lead",
    "pad",
    "effects",
    "ethnic",
    "percussive",
    "sound_effects",
)

MAKE_COLUMNS = (
    "make_resolution",
    *(f"make_onsets_on_grid_{grid}" for grid in _GRIDS),
    "make_onset_jitter",
    "make_durations_on_grid_12",
    "make_duration_jitter",
    "make_commonest_duration",
    "make_velocity_mean",
    "make_velocity_deviation",
    "make_velocity_least",
    "make_velocity_greatest",
    "make_velocity_kinds",
    "make_velocity_commonest",
    "make_tempo_events",
    "make_tempo_first",
    "make_tempo_median",
    "make_tempo_deviation",
    "make_time_signature_events",
    "make_first_metre_is_4_4",
    "make_key_signature_events",
    "make_first_key_is_without_signs",
    "make_titles",
    "make_comments",
    "make_text_length",
    "make_named_parts",
    "make_encoder",
    "make_first_onset",
    "make_warnings",
)
"""How the file was written down: grid, velocities, tempos, events and texts."""

INSTRUMENTATION_COLUMNS = (
    "instrumentation_parts",
    "instrumentation_programmes",
    "instrumentation_first_programme",
    "instrumentation_unknown_programmes",
    "instrumentation_drums",
    *(f"instrumentation_{family}" for family in _GM_FAMILIES),
)
"""Tracks and programmes: the composer's scoring, as far as the encoder kept it."""


def make_row(score: Score) -> dict[str, float]:
    """How the file of a score was made.

    Returns
    -------
    dict of str to float
        One entry for each of `MAKE_COLUMNS`, in their order; NaN where the file does not tell.
    """
    source = score.source
    texts = (*source.titles, *source.comments)
    row = {"make_resolution": float(source.resolution) if source.resolution else float("nan")}
    row |= _grid(score) | _velocity(score) | _tempo(score) | _signatures(score)
    row["make_titles"] = float(len(source.titles))
    row["make_comments"] = float(len(source.comments))
    row["make_text_length"] = float(sum(len(text) for text in texts))
    row["make_named_parts"] = share(np.array([bool(name.strip()) for name in score.parts.name]))
    row["make_encoder"] = float(zlib.crc32(source.encoder.encode()) % 997) if source.encoder else float("nan")
    row["make_first_onset"] = float(score.onset_quarters[0]) if len(score) else float("nan")
    row["make_warnings"] = float(len(score.warnings))
    return {column: row[column] for column in MAKE_COLUMNS}


def instrumentation_row(score: Score) -> dict[str, float]:
    """Tracks and programmes of a score, over the parts that have notes.

    Returns
    -------
    dict of str to float
        One entry for each of `INSTRUMENTATION_COLUMNS`, in their order; NaN for a score without notes.
    """
    if not len(score):
        return dict.fromkeys(INSTRUMENTATION_COLUMNS, float("nan"))
    used, first = np.unique(score.part, return_index=True)
    programme = score.parts.programme[used]
    known = programme[programme >= 0]
    is_drum = score.is_unpitched[first]
    families = np.bincount(known // 8, minlength=16) / max(1, len(known)) if len(known) else np.full(16, np.nan)
    values = (
        len(used),
        len(np.unique(known)) if len(known) else np.nan,
        known[0] if len(known) else np.nan,
        share(programme < 0),
        share(is_drum),
        *families,
    )
    return {column: float(value) for column, value in zip(INSTRUMENTATION_COLUMNS, values, strict=True)}


def _off_grid(times: FloatArray, grid: int) -> FloatArray:
    """Distance in quarters from the nearest of `grid` places in a quarter."""
    distance: FloatArray = np.abs(times - np.rint(times * grid) / grid)
    return distance


def _on_grid(times: FloatArray, grid: int) -> npt.NDArray[np.bool_]:
    on: npt.NDArray[np.bool_] = _off_grid(times, grid) <= _EXACT_QUARTERS
    return on


def _grid(score: Score) -> dict[str, float]:
    onset, duration = np.unique(score.onset_quarters), score.duration_quarters
    row = {f"make_onsets_on_grid_{grid}": share(_on_grid(onset, grid)) for grid in _GRIDS}
    row["make_onset_jitter"] = mean(_off_grid(onset, 48))
    row["make_durations_on_grid_12"] = share(_on_grid(duration, 12))
    row["make_duration_jitter"] = mean(_off_grid(duration, 48))
    kinds, counts = np.unique(np.rint(duration * 960), return_counts=True)
    row["make_commonest_duration"] = float(kinds[counts.argmax()]) / 960 if len(kinds) else float("nan")
    return row


def _velocity(score: Score) -> dict[str, float]:
    velocity = score.velocity
    if velocity is None or not len(velocity):
        names = ("mean", "deviation", "least", "greatest", "kinds", "commonest")
        return {f"make_velocity_{name}": float("nan") for name in names}
    counts = np.bincount(np.maximum(velocity, 0))
    return {
        "make_velocity_mean": mean(velocity),
        "make_velocity_deviation": deviation(velocity),
        "make_velocity_least": float(velocity.min()),
        "make_velocity_greatest": float(velocity.max()),
        "make_velocity_kinds": float(np.count_nonzero(counts)),
        "make_velocity_commonest": float(counts.max()) / len(velocity),
    }


def _tempo(score: Score) -> dict[str, float]:
    tempo = score.tempos.tempo_qpm
    return {
        "make_tempo_events": float(len(tempo)),
        "make_tempo_first": float(tempo[0]) if len(tempo) else float("nan"),
        "make_tempo_median": float(np.median(tempo)) if len(tempo) else float("nan"),
        "make_tempo_deviation": deviation(np.log2(tempo)),
    }


def _signatures(score: Score) -> dict[str, float]:
    metres, keys = score.time_signatures, score.key_signatures
    nan = float("nan")
    is_common = len(metres.numerator) and metres.numerator[0] == 4 and metres.denominator[0] == 4
    return {
        "make_time_signature_events": float(len(metres.numerator)),
        "make_first_metre_is_4_4": float(is_common) if len(metres.numerator) else nan,
        "make_key_signature_events": float(len(keys.fifths)),
        "make_first_key_is_without_signs": float(keys.fifths[0] == 0) if len(keys.fifths) else nan,
    }
