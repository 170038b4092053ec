"""Tests of knowledge find what was planted, and nothing in vectors drawn at random."""

import numpy as np
import pytest

from styleprint.generation.chord_states import CHORDS, keys_in_common, question_chords
from styleprint.generation.knowledge import (
    TokenVectors,
    chance_similarity,
    judge,
    question_embeddings,
    similarity_of,
)
from styleprint.generation.probe_tones import expectations, question_keys
from styleprint.generation.writer import EVENT_GRID
from styleprint.theory.key_profiles import KEY_PROFILES

PITCHES = np.arange(36, 85, dtype=float)
TICKS = np.array([3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 36, 48, 64, 72, 96], dtype=float)


def asked(field, values, vectors, seed=0):
    counts = np.random.default_rng(0).integers(20, 2000, size=len(values)).astype(float)
    found = judge(question_embeddings([TokenVectors(field, vectors, values, counts)], seed=seed))
    return {finding.name: finding for finding in found}


def on_circle(angle):
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def noise(shape, seed=0, size=0.1):
    return size * np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("seed", range(4))
def test_random_vectors_know_nothing(seed):
    """No sentence claims knowledge of what is not there."""
    rng = np.random.default_rng(seed)
    found = asked("pitch", PITCHES, rng.standard_normal((len(PITCHES), 64)))
    found |= asked("duration", TICKS, rng.standard_normal((len(TICKS), 64)))
    assert {finding.verdict for finding in found.values()} <= {"does not", "cannot tell"}
    assert found["octave"].low <= 0.1


def test_pitches_on_the_circle_of_fifths_are_found():
    """Seven semitones are one step of a twelfth: fifths and octaves are known, and told so."""
    vectors = np.hstack([on_circle(PITCHES * 7 * np.pi / 6), noise((len(PITCHES), 20))])
    found = asked("pitch", PITCHES, vectors)
    assert found["circle_of_fifths"].verdict == "knows"
    assert found["circle_of_fifths"].p_value == pytest.approx(1 / 720)
    assert found["octave"].verdict == "knows"
    assert found["circle_of_fifths"].sentence.startswith("It knows that pitch classes are the more alike")


def test_register_alone_is_neither_octaves_nor_fifths():
    """Pitches that are alike because they are near tell nothing of theory."""
    height = (PITCHES - PITCHES.mean()) / 12
    vectors = np.stack([np.exp(-((height - centre) ** 2)) for centre in np.linspace(-3, 3, 24)], axis=1)
    found = asked("pitch", PITCHES, vectors + noise(vectors.shape, size=0.02))
    assert found["pitch_height"].verdict == "knows"
    assert found["octave"].verdict != "knows"
    assert found["circle_of_fifths"].verdict != "knows"


def test_a_chromatic_circle_is_not_one_of_fifths():
    """Pitch classes that are alike where they are neighbours: octaves, but no fifths."""
    vectors = np.hstack([on_circle(PITCHES * np.pi / 6), noise((len(PITCHES), 20))])
    found = asked("pitch", PITCHES, vectors)
    assert found["octave"].verdict == "knows"
    assert found["circle_of_fifths"].verdict == "does not"


def test_intervals_by_consonance_are_found():
    """Two families, the consonant and the dissonant: known; families drawn otherwise are not."""
    values = np.arange(1, 48, dtype=float)
    classes = np.abs(values - 24) % 12
    families = {"consonant": (0, 3, 4, 5, 7, 8, 9), "drawn": (0, 1, 2, 3, 4, 10)}
    found = {}
    for name, own in families.items():
        inside = np.isin(classes, own).astype(float)
        vectors = np.hstack([np.stack([inside, 1 - inside], axis=1), noise((len(values), 20))])
        found[name] = asked("interval", values, vectors)
    assert found["consonant"]["consonance"].verdict == "knows"
    assert found["drawn"]["consonance"].verdict != "knows"
    circle = np.hstack([on_circle(values * np.pi / 6), noise((len(values), 20))])
    assert asked("interval", values, circle)["octave"].verdict == "knows"


def test_durations_that_are_halves_of_each_other_are_found():
    """Families of a note value share a direction, each by its odd part; sizes are another matter."""
    odd = (TICKS / 2 ** np.floor(np.log2(TICKS))).round(3)
    family = (odd[:, None] == np.unique(odd)[None, :]).astype(float)
    step = np.log2(TICKS)[:, None]
    vectors = np.hstack([family, 0.3 * np.exp(-((step - np.arange(1, 8)[None, :]) ** 2)), noise((len(TICKS), 20))])
    assert asked("duration", TICKS, vectors)["halves_and_doubles"].verdict == "knows"
    sizes = np.exp(-((step - np.arange(0, 8, 0.5)[None, :]) ** 2)) + noise((len(TICKS), 16), size=0.02)
    found = asked("duration", TICKS, sizes)
    assert found["size"].verdict == "knows"
    assert found["halves_and_doubles"].verdict != "knows"


def test_rare_tokens_and_rests_are_not_compared():
    """Too few common tokens: nothing is claimed, and the sentence says why."""
    counts = np.where(np.arange(len(TICKS)) < 5, 100.0, 3.0)
    vectors = noise((len(TICKS), 8))
    found = judge(question_embeddings([TokenVectors("duration", vectors, TICKS, counts)], seed=0))
    assert {finding.verdict for finding in found} == {"cannot tell"}
    assert found[0].sentence.endswith("only 5 tokens are common enough.")


def test_the_same_seed_gives_the_same_findings():
    """Deals, untrained vectors and bootstraps are drawn by seed."""
    vectors = noise((len(TICKS), 8))
    assert asked("duration", TICKS, vectors, seed=3) == asked("duration", TICKS, vectors, seed=3)


def test_chance_is_that_of_random_vectors():
    """In 512 dimensions .044, and .12 for the largest of 172: what an older reading did not ask."""
    deviation, largest = chance_similarity(512, 172)
    vectors = np.random.default_rng(0).standard_normal((173, 512))
    cosines = similarity_of(vectors)
    np.fill_diagonal(cosines, -1)
    assert deviation == pytest.approx(0.0442, abs=1e-4)
    assert deviation == pytest.approx(cosines[np.triu_indices(173, 1)].std(), rel=0.03)
    assert largest == pytest.approx(cosines.max(axis=1).mean(), abs=0.002)


class Listener:
    """Expects what the ratings say of the key of the last chord, or nothing in particular."""

    grid = EVENT_GRID

    def __init__(self, profiles):
        self._profiles = np.asarray(profiles)

    def begin(self, n):
        return np.zeros((n, 0), dtype=int)

    def advance(self, state, events):
        return np.concatenate([state, events[:, 2:3]], axis=1)

    def distribution(self, state, field, given):
        chords = state[:, -4:]
        is_minor = (chords[:, 1] - chords[:, 0] == 15).astype(int)
        degree = (np.arange(128)[None, :] - chords[:, :1]) % 12
        weight = self._profiles[is_minor[:, None], degree]
        return weight / weight.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("kind", "knows"), [("ratings", True), ("even", False), ("heard", False)])
def test_expectations_after_a_cadence(kind, knows):
    """One who expects as listeners do knows keys; one who repeats what was heard, or cares for nothing, does not."""
    profiles = {
        "ratings": KEY_PROFILES["krumhansl_kessler"],
        "even": np.ones((2, 12)),
        "heard": [[5, 0, 1, 0, 2, 2, 0, 4, 0, 1, 0, 1], [5, 0, 1, 2, 0, 2, 0, 4, 1, 0, 0, 1]],
    }[kind]
    even = [Listener(np.ones((2, 12)))]
    (found,) = judge([question_keys(Listener(profiles), (0, 1), even)])
    assert (found.verdict == "knows") is knows, found.sentence
    assert knows or abs(found.effect) < 0.05


def test_keys_that_say_the_same_are_one_observation():
    """Expectations of any kind, the same in all keys: there are 24 degrees to judge by, and the interval is wide."""
    profiles = np.random.default_rng(3).uniform(1, 7, (2, 12))
    found = question_keys(Listener(profiles), (0, 1), [Listener(np.ones((2, 12)))])
    assert found.high - found.low > 0.4


def test_expectations_are_told_from_the_tonic():
    """Every key gives the same degrees, and probabilities sum to 1."""
    found = expectations(Listener(KEY_PROFILES["krumhansl_kessler"]), (0,))
    assert found.shape == (24, 12)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert np.ptp(found[:12], axis=0) == pytest.approx(0.0, abs=0.02)
    assert (found.argmax(axis=1) == 0).all()


def test_keys_in_common_by_hand():
    """C is in C, F and G major, E and F minor; with G in C and G major, with F sharp in none; roots moved keep that."""
    shared = keys_in_common(np.arange(12))
    c, g, f_sharp, a_minor = (CHORDS.index(chord) for chord in ((0, False), (7, False), (6, False), (9, True)))
    assert (shared[c, c], shared[c, g], shared[c, f_sharp], shared[c, a_minor]) == (5, 2, 0, 4)
    assert np.array_equal(shared, shared.T)
    assert np.array_equal(keys_in_common((np.arange(12) + 5) % 12), shared)


class Hearing:
    """Its state after a chord is what `place` makes of the pitch classes that sound."""

    def __init__(self, place):
        self._place = place
        self.machine = self

    def states_of(self, pieces):
        return [np.stack([self._place(set((events[:, 2] % 12).tolist()))] * len(events)) for events in pieces]


def by_keys(tones):
    """To which major and harmonic minor keys these tones belong."""
    scales = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))
    return np.array([float(tones <= {(key + d) % 12 for d in scale}) for scale in scales for key in range(12)])


def by_tones(tones):
    """The tones and nothing else."""
    return np.array([float(tone in tones) for tone in range(12)])


@pytest.mark.parametrize(("place", "knows"), [(by_keys, True), (by_tones, False)])
def test_chords_of_the_same_keys(place, knows):
    """One that hears keys knows them; one that hears tones alone does not."""
    noise_of = [
        Hearing(lambda tones, seed=seed: np.random.default_rng([seed, *tones]).normal(size=24)) for seed in (1, 2)
    ]
    (found,) = judge([question_chords(Hearing(place), (0, 1), noise_of)])
    assert (found.verdict == "knows") is knows, found.sentence
    assert knows or abs(found.effect) < 0.1
