"""Small generated pieces of music for tests: alike only where a test makes them so."""

from dataclasses import replace

import numpy as np

from styleprint.music.score import Parts, Score

STEPS = np.array([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])


def pitches(seed, frames=120, voices=3):
    """Pitches of each frame, shape (frames, voices): each voice wanders about its own octave."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.choice(STEPS, size=(frames, voices)), axis=0) % 24
    return np.where(walk > 12, 24 - walk, walk) + np.array([72, 55, 40, 84])[:voices]


def score_of(frames, quarters=0.5):
    """A score of these frames (rows; 0 for a voice without a note), so many quarters apart, one part a voice."""
    frames = np.asarray(frames)
    if frames.ndim == 1:
        frames = frames[:, None]
    row, part = np.nonzero(frames)
    n, unknown = len(row), np.full(len(row), -1, dtype=np.int32)
    return Score(
        onset_quarters=row * quarters,
        duration_quarters=np.full(n, quarters),
        midi_pitch=frames[row, part].astype(np.int32),
        part=part.astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=np.zeros(n, dtype=bool),
        velocity=np.full(n, 64, dtype=np.int32),
        parts=Parts(("",) * frames.shape[1], np.zeros(frames.shape[1], dtype=np.int32)),
    )


def piece(seed, frames=120, voices=3):
    """A piece of its own."""
    return score_of(pitches(seed, frames, voices))


def moved(frames, semitones):
    """The frames in another key."""
    return np.where(frames > 0, frames + semitones, 0)


def with_programme(score, programme):
    """The same notes on another instrument."""
    count = len(score.parts.name)
    return replace(score, parts=Parts(score.parts.name, np.full(count, programme, dtype=np.int32)))


def with_ornaments(frames, seed=0, share=0.08):
    """Frames among which neighbouring notes of the highest voice are put in."""
    rng = np.random.default_rng(seed)
    chosen = np.flatnonzero(rng.random(len(frames)) < share)
    extra = np.zeros((len(chosen), frames.shape[1]), dtype=frames.dtype)
    extra[:, 0] = frames[chosen, 0] + rng.choice([-2, -1, 1, 2], len(chosen))
    return np.insert(frames, chosen + 1, extra, axis=0)
