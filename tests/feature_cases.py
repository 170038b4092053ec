"""Scores for tests of features: tiny ones by hand, and varied ones by seed."""

from dataclasses import replace

import numpy as np

from styleprint.music.score import Measures, Parts, Score, Tempos, TimeSignatures

NOTE_VALUES = np.array([0.25, 0.5, 0.5, 0.5, 1.0, 1.0, 1 / 3, 0.75, 2.0])
LONG_VALUES = np.array([1 / 8, 1 / 4, 1 / 2, 3 / 4, 1, 3 / 2, 2, 3, 4, 6, 8, 12])
CHORDS = ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 7, 10), (0, 4, 7, 11), (0, 3, 7, 10), (0, 3, 6, 10))
METRES = ((2, 4), (3, 4), (4, 4), (6, 8), (9, 8), (12, 8), (5, 4))
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11), tuple(range(12)))


def score_of(notes, measure_quarters=None, unpitched=(), graces=()):
    """A score of (onset, duration, pitch, part) tuples; part may be left out."""
    rows = sorted(tuple(note) + (0,) * (4 - len(note)) for note in notes)
    rows = sorted(rows, key=lambda row: (row[0], row[3], row[2]))
    onset = np.array([row[0] for row in rows], dtype=np.float64)
    count = len(rows)
    n_parts = 1 + max((row[3] for row in rows), default=0)
    unknown = np.full(count, -1, dtype=np.int32)
    end = max((row[0] + row[1] for row in rows), default=0.0)
    measures = Measures()
    if measure_quarters:
        starts = np.arange(0.0, end, measure_quarters)
        measures = Measures(starts, np.full(len(starts), measure_quarters), ("",) * len(starts))
    return Score(
        onset_quarters=onset,
        duration_quarters=np.array([row[1] for row in rows], dtype=np.float64),
        midi_pitch=np.array([row[2] for row in rows], dtype=np.int32),
        part=np.array([row[3] for row in rows], dtype=np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.isin(np.arange(count), graces),
        is_unpitched=np.isin(np.arange(count), unpitched),
        measures=measures,
        parts=Parts(tuple(f"part {i}" for i in range(n_parts)), np.zeros(n_parts, dtype=np.int32)),
    )


def line(pitches, duration=0.5):
    """A score of single notes, one after another."""
    return score_of([(i * duration, duration, pitch) for i, pitch in enumerate(pitches)], measure_quarters=4.0)


def chords(*pitch_sets, duration=1.0):
    """A score of chords, one after another."""
    return score_of(
        [(i * duration, duration, pitch) for i, pitches in enumerate(pitch_sets) for pitch in pitches],
        measure_quarters=4.0,
    )


def varied_score(seed, n_notes=400):
    """A piece of one to four parts with some scale, rhythm, texture and repetition of its own."""
    rng = np.random.default_rng(seed)
    scale = np.array(SCALES[seed % 3]) + int(rng.integers(12))
    ladder = np.concatenate([12 * octave + scale for octave in range(10)])
    values = rng.choice(NOTE_VALUES, size=3)
    notes = []
    n_parts = int(rng.integers(1, 5))
    for part in range(n_parts):
        place, time = int(rng.integers(18, 45)), 0.0
        steps = rng.choice([-7, -4, -2, -1, -1, 0, 1, 1, 2, 4, 7], size=int(rng.integers(3, 40)))
        for i in range(n_notes // n_parts):
            place = int(np.clip(place + steps[i % len(steps)], 14, 52))
            value = float(values[int(rng.integers(3)) if seed % 2 else i % 3])
            held = value * float(rng.choice([0.5, 1.0, 1.0, 1.5]))
            notes += [(time, held, int(ladder[place + third]), part) for third in (0, 2, 4)[: 1 + i % (1 + seed % 3)]]
            time += value * int(rng.choice([1, 1, 1, 2]))
    return score_of(set(notes), measure_quarters=float(rng.choice([2.0, 3.0, 4.0])))


def figured_score(seed):
    """A line of figures, each played several times over, on the spot or moved, above a bass that does likewise."""
    rng = np.random.default_rng(seed)
    notes = []
    for part, home in ((0, 72), (1, 44)):
        time, place = 0.0, home
        for _ in range(12):
            figure = rng.choice([-3, -2, -1, 1, 2, 3, 4], size=int(rng.choice([1, 2, 3, 4, 6, 8, 12, 16])))
            if rng.random() < 0.3:
                figure = np.array([1, -1])
            values = rng.choice(
                [0.125, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0, 4 / 3, 1.5, 3.0], size=int(rng.integers(1, 4))
            )
            moved = int(rng.choice([0, 0, -2, 2]))
            for again in range(int(rng.integers(2, 5))):
                pitches = place + again * moved + np.concatenate([[0], np.cumsum(figure)])
                for i, pitch in enumerate(pitches[: len(figure)]):
                    notes.append((time, float(values[i % len(values)]), int(np.clip(pitch, 24, 100)), part))
                    time += float(values[i % len(values)])
            place = home + int(rng.integers(-6, 7))
    kept = [note for note in notes if note[3] == 0 or seed % 3]
    return score_of(set(kept), measure_quarters=float(rng.choice([2.0, 3.0, 4.0])))


def two_voiced_score(seed):
    """A tune in even notes; below it the tune again, later, or an ostinato."""
    rng = np.random.default_rng(seed)
    tune = 72 + np.cumsum(rng.choice([-4, -2, -1, 1, 2, 3], size=96))
    tune = np.clip(tune, 60, 96)
    if seed % 2:
        below = np.roll(tune, int(rng.integers(2, 9))) - 24
    else:
        below = np.resize(rng.integers(36, 56, size=int(rng.choice([2, 3, 4, 6, 8, 12, 16]))), len(tune))
    return score_of(
        [(i / 2, 0.5, int(pitch), part) for part, voice in enumerate((tune, below)) for i, pitch in enumerate(voice)]
    )


def chordal_score(seed):
    """Chords of all kinds in all positions, on all registers, in all note values; some rest, others rest with them.

    It has time signatures, of which some change, and tempos.
    """
    rng = np.random.default_rng(seed)
    home, time, notes = int(rng.integers(20, 84)), 0.0, []
    values = rng.choice(LONG_VALUES, size=4)
    for i in range(60):
        chord = sorted(CHORDS[int(rng.integers(len(CHORDS)))])
        turn = int(rng.integers(len(chord)))
        root = home + int(rng.integers(12))
        pitches = [root + step for step in (*chord[turn:], *(12 + step for step in chord[:turn]))]
        held = float(values[i % len(values)])
        resting = int(rng.integers(6))
        for part, pitch in enumerate(sorted(set(pitches))):
            if part != resting and resting < 5:
                notes.append((time, held, min(pitch, 127), part % (1 + seed % 4)))
        time += held * float(rng.choice([1, 1, 1, 1.5]))
    if seed % 3:
        notes.append((time, 1.0, home, 4))
    return with_metre(score_of(set(notes)), rng)


def sequential_score(seed):
    """A figure of five notes again and again on other pitches, in one voice, over or under chords that do not move."""
    rng = np.random.default_rng(seed)
    notes, time, home = [], 0.0, int(rng.choice([40, 76]))
    for phrase in range(6):
        figure = np.append(0, np.cumsum(rng.choice([-3, -2, -1, 1, 2, 3], size=3 + phrase % 3)))
        step = int(rng.choice([-2, -1, 1, 2]))
        for again in range(int(rng.integers(2, 5))):
            for place in figure:
                notes.append((time, 0.5, int(home + step * again + place), 0))
                time += 0.5
    held = [60 + int(rng.integers(-2, 3)) + tone for tone in (-5, 0, 4)]
    notes += [(at, 4.0, pitch, 1) for at in np.arange(0.0, time, 4.0) for pitch in held]
    return score_of(set(notes), measure_quarters=4.0)


FORMULAS = (
    (1, 5, 6, 4),
    (6, 4, 1, 5),
    (1, 6, 4, 5),
    (1, 2, 5, 1),
    (1, 4, 5, 1),
    (6, 2, 5, 1),
    (1, 3, 7, 1),
    (1, 5, 4, 2, 1),
)
FRENCH_SIXTH = (-4, 0, 2, 6)


def functional_score(seed):
    """Formulas of chords in a key, over their roots or in inversion; some in the parallel, dominant or a far key."""
    rng = np.random.default_rng(seed)
    home, notes, time = int(rng.integers(55, 67)), [], 0.0
    for section in range(5):
        tonic = home + (0, (0, 7, 1, -3, 5)[seed % 5], 0, (6, 0)[seed % 2], 0)[section]
        scale = SCALES[1] if section in (1, 3) and seed % 3 == 0 else SCALES[0]
        for formula in [FORMULAS[int(i)] for i in rng.integers(len(FORMULAS), size=4)]:
            length = float(rng.choice([1.0, 1.0, 2.0, 1.5]))
            for step in formula:
                chord = [tonic + 12 * ((step - 1 + third) // 7) + scale[(step - 1 + third) % 7] for third in (0, 2, 4)]
                bass = chord[int(rng.choice([0, 0, 0, 1, 2]))] - 12
                pitches = sorted({bass, *chord, *([chord[0] + 10] if step == 5 and seed % 2 else [])})
                if step == 5 and rng.random() < 0.3:
                    sixth = [tonic + tone for tone in FRENCH_SIXTH]
                    notes += [(time, length, pitch, 0) for pitch in sixth]
                    time += length
                broken = seed % 4 == 3
                notes += [
                    (time + (i * length / 4 if broken else 0.0), length, pitch, min(i, 1))
                    for i, pitch in enumerate(pitches)
                ]
                time += length
    if seed % 2:  # the last words: amen
        for root in (5, 0):
            notes += [(time, 2.0, pitch + home + root, 0) for pitch in (-12, 0, 4, 7)]
            time += 2.0
    return with_metre(score_of(set(notes)), rng)


def with_metre(score, rng):
    """The score with time signatures and the measures that they make, and with tempos."""
    (first, unit), (second, other) = (METRES[int(i)] for i in rng.integers(len(METRES), size=2))
    lengths, change = (first * 4 / unit, second * 4 / other), 8 * first * 4 / unit
    starts = np.concatenate([np.arange(8) * lengths[0], np.arange(change, score.end_quarters, lengths[1])])
    each = np.where(starts < change, lengths[0], lengths[1])
    tempos = np.sort(rng.choice([60.0, 72.0, 96.0, 120.0], size=int(rng.integers(1, 4)), replace=False))
    return replace(
        score,
        measures=Measures(starts, each, ("",) * len(starts)),
        time_signatures=TimeSignatures(
            np.array([0.0, change]), np.array([first, second], np.int32), np.array([unit, other], np.int32)
        ),
        tempos=Tempos(np.arange(len(tempos)) * 16.0, tempos),
    )
