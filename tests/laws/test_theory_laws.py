"""What annotations keep: transposition moves them, note-offs, parts and repeats of a second analysis do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feature_cases import varied_score
from strategies import scores
from styleprint.features.context import ScoreContext
from styleprint.music.changes import CHANGES, transpose
from styleprint.theory import harmony_path
from styleprint.theory.frames import frames_of, sounded_notes
from styleprint.theory.global_key import estimate_global_key
from styleprint.theory.moments import sustained_moments, written_moments

ANNOTATIONS = (
    "harmony",
    "chords",
    "numerals",
    "local_keys",
    "modulations",
    "cadences",
    "phrases",
    "voices",
    "parallels",
    "nonchord_tones",
    "tension",
)
PITCH_CLASSES = {"root", "bass", "tonic"}
KEYS = {"key", "home_key", "from_key", "to_key"}
UNDEFINED = {"explained", "diameter", "momentum", "strain"}
FRAMES_ALONE = ("staccato", "legato", "merged_parts", "part_order")


def record(annotation):
    return {name: getattr(annotation, name) for name in type(annotation).__dataclass_fields__}


def moved(name, values, semitones):
    """What a column of an annotation should be after transposition."""
    values = np.asarray(values)
    if name in PITCH_CLASSES:
        return (values + semitones) % 12
    if name in KEYS:
        return np.where(values < 0, values, (values % 12 + semitones) % 12 + values // 12 * 12)
    return values


@pytest.mark.parametrize("name", ANNOTATIONS)
@given(score=scores(max_notes=25), semitones=st.integers(-6, 6))
@settings(max_examples=25)
def test_annotations_move_with_the_score(name, score, semitones):
    """Pitch classes and keys are transposed, all else stays; shares to what another order of adding leaves open."""
    span = score.midi_pitch[~score.is_unpitched]
    if len(span) and (span.min() + semitones < 0 or span.max() + semitones > 127):
        semitones = 0
    before = record(getattr(ScoreContext(score), name))
    after = record(getattr(ScoreContext(transpose(score, semitones)), name))
    for column, values in before.items():
        wanted, found = moved(column, values, semitones), np.asarray(after[column])
        if found.dtype.kind == "f":
            assert np.allclose(wanted, found, rtol=1e-12, atol=1e-12, equal_nan=column in UNDEFINED), column
        else:
            assert np.array_equal(wanted, found), column


@given(score=scores(max_notes=25), semitones=st.integers(0, 6))
def test_the_global_key_moves_with_the_score(score, semitones):
    pitched = score.midi_pitch[~score.is_unpitched]
    if len(pitched) and pitched.max() + semitones > 127:
        semitones = 0
    before, after = estimate_global_key(score), estimate_global_key(transpose(score, semitones))
    if before is None:
        assert after is None
    else:
        assert ((before.tonic + semitones) % 12, before.is_minor, before.confidence) == (
            after.tonic, after.is_minor, after.confidence,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("change", [name for name in CHANGES if name in FRAMES_ALONE])
def test_note_offs_and_parts_do_not_show(change, seed):
    """What stands on onsets alone is the same however long notes are held and whoever plays them."""
    score = varied_score(seed)
    before, after = (record(ScoreContext(s).chords) for s in (score, CHANGES[change](score)))
    for column, values in before.items():
        assert np.array_equal(values, after[column], equal_nan=column in UNDEFINED), column


@given(score=scores(max_notes=40))
def test_moments_lose_nothing(score):
    """Presence lies in 0–1, moments have no gaps, the bass is no higher than the top."""
    notes = sounded_notes(score)
    frames = frames_of(notes)
    for moments in (written_moments(notes, frames), sustained_moments(frames)):
        ends = moments.start_quarters + moments.length_quarters
        assert np.allclose(ends[:-1], moments.start_quarters[1:])
        assert (moments.length_quarters > 0).all()
        assert ((moments.presence >= 0) & (moments.presence <= 1)).all()
        assert (moments.doubling >= 0).all()
        assert (moments.bass <= moments.top).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_path_is_the_best_of_all(seed):
    """Against every path through three moments, two keys and three chords, in plain arithmetic."""
    rng = np.random.default_rng(seed)
    chord_gain, key_gain = rng.normal(size=(3, 3)), rng.normal(size=(3, 2))
    price, weight = rng.uniform(0, 1, 3), np.ones(3)
    familiarity, key_price = -rng.uniform(0, 1, (2, 3)), np.array([[0.0, 0.7], [0.4, 0.0]])
    bass_gain, bass = rng.normal(size=(2, 3)), np.array([0, 1, 0])
    key, chord = harmony_path.best_path(
        chord_gain - bass_gain[bass], np.eye(3), bass_gain, bass, key_gain, price, weight, familiarity, 0.5, key_price
    )

    def value(path):
        total, before = 0.0, None
        for moment, (k, c) in enumerate(path):
            begins = before != (k, c)
            entry = familiarity[k, c] - price[moment]
            if before is not None and before[0] != k:
                entry -= key_price[before[0], k]
            # a path may begin its own chord anew, and then pays for it: never better than staying
            total += (entry if begins else 0.0) + chord_gain[moment, c] + key_gain[moment, k] + 0.5 * familiarity[k, c]
            before = (k, c)
        return total

    states = [(k, c) for k in range(2) for c in range(3)]
    best = max(((a, b, c) for a in states for b in states for c in states), key=free_start(value, price, familiarity))
    found = tuple(zip(key.tolist(), chord.tolist(), strict=True))
    score = free_start(value, price, familiarity)
    assert score(found) == pytest.approx(score(best), abs=0.02)  # whole numbers of 1/1024, weights of 1/16


@pytest.mark.parametrize("seed", range(3))
def test_a_long_path_is_the_best_of_all(seed):
    """Two hundred moments: the path is worth what the plain recursion, forwards and in fractions, says is the most."""
    rng = np.random.default_rng(seed)
    n, n_keys, n_chords = 200, 4, 5
    chord_gain, key_gain = 2 * rng.normal(size=(n, n_chords)), rng.normal(size=(n, n_keys))
    price, weight = rng.uniform(0, 1, n), rng.integers(8, 32, n) / 16
    familiarity, key_price = -rng.uniform(0, 1, (n_keys, n_chords)), rng.uniform(0.5, 2, (n_keys, n_keys))
    np.fill_diagonal(key_price, 0.0)
    no_bass, bass = np.zeros((1, n_chords)), np.zeros(n, np.int64)
    columns = (chord_gain, np.eye(n_chords), no_bass, bass, key_gain, price, weight, familiarity, 0.5, key_price)
    path = np.stack(harmony_path.best_path(*columns), axis=1)
    best, taken = np.zeros((n_keys, n_chords)), 0.0
    for moment in range(n):
        gain = chord_gain[moment] + key_gain[moment][:, None] + 0.5 * familiarity * weight[moment]
        enter = (best.max(axis=1)[:, None] - key_price).max(axis=0)[:, None] + familiarity - price[moment]
        best = np.maximum(best, enter) + gain
        (k, c), before = path[moment], path[max(moment - 1, 0)]
        begins = familiarity[k, c] - price[moment] - key_price[before[0], k]
        taken += gain[k, c] + (begins if (path[moment] != before).any() else 0.0)
    assert taken == pytest.approx(best.max(), abs=0.3)  # whole numbers of 1/1024
    assert len(np.unique(path, axis=0)) > 5


def free_start(value, price, familiarity):
    """The first chord is given: beginning costs nothing but is worth nothing either, unless that pays."""

    def total(path):
        k, c = path[0]
        entry = familiarity[k, c] - price[0]
        return value(path) - entry + max(0.0, entry)

    return total
