"""Arbitrary scores for laws: what any reader might give."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from styleprint.music.score import KeySignatures, Parts, Score, Source, Tempos, TimeSignatures
from styleprint.music.time import lay_out_measures

GRIDS = (1, 4, 24, 96, 480)


@st.composite
def scores(draw, *, max_notes=40, max_parts=4, unpitched=True):
    """A score of some parts, on a grid, with tables, in the order that readers give."""
    grid = draw(st.sampled_from(GRIDS))
    n_parts = draw(st.integers(1, max_parts))
    drums = draw(st.integers(-1, n_parts - 1)) if unpitched else -1
    ticks = st.integers(0, 24 * grid)
    rows = draw(
        st.lists(
            st.tuples(
                ticks, st.integers(1, 6 * grid), st.integers(0, 127), st.integers(0, n_parts - 1), st.integers(1, 127)
            ),
            max_size=max_notes,
        )
    )
    rows = sorted(set(rows), key=lambda row: (row[0], row[3], row[2], row[1], row[4]))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    n = len(rows)
    unknown = np.full(n, -1, dtype=np.int32)
    times = draw(time_signatures())
    end = float((columns[0] + columns[1]).max() / grid) if n else 0.0
    return Score(
        onset_quarters=columns[0] / grid,
        duration_quarters=columns[1] / grid,
        midi_pitch=columns[2].astype(np.int32),
        part=columns[3].astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=columns[3] == drums,
        velocity=columns[4].astype(np.int32),
        measures=lay_out_measures(times, end),
        time_signatures=times,
        key_signatures=draw(key_signatures()),
        tempos=draw(tempos()),
        parts=draw(parts(n_parts)),
        source=Source(path="generated", format="midi", resolution=draw(st.sampled_from([0, grid, 480]))),
    )


@st.composite
def monophonic_keys(draw, **options):
    """A score in which no part strikes a pitch that still sounds: what MIDI can say exactly."""
    score = draw(scores(**options))
    kept, ends = [], {}
    for row in range(len(score)):
        key = int(score.part[row]), int(score.midi_pitch[row])
        if score.onset_quarters[row] >= ends.get(key, 0.0):
            kept.append(row)
            ends[key] = score.onset_quarters[row] + score.duration_quarters[row]
    from styleprint.music.changes import keep_notes

    score = keep_notes(score, np.array(kept, dtype=np.int64))
    end = float((score.onset_quarters + score.duration_quarters).max(initial=0.0))
    return replace(score, measures=lay_out_measures(score.time_signatures, end))


@st.composite
def time_signatures(draw):
    """Up to three metres, each unlike the one before, the first at the beginning."""
    values = draw(
        st.lists(st.tuples(st.integers(1, 12), st.sampled_from([1, 2, 4, 8, 16])), max_size=3).map(without_repeats)
    )
    onsets = sorted(draw(st.sets(st.integers(1, 40), min_size=len(values), max_size=len(values))))
    onsets = [0, *onsets[1:]] if values else []
    return TimeSignatures(
        np.array(onsets, dtype=np.float64),
        np.array([top for top, _ in values], dtype=np.int32),
        np.array([bottom for _, bottom in values], dtype=np.int32),
    )


@st.composite
def key_signatures(draw):
    values = draw(st.lists(st.tuples(st.integers(-7, 7), st.integers(0, 1)), max_size=3).map(without_repeats))
    onsets = sorted(draw(st.sets(st.integers(0, 40), min_size=len(values), max_size=len(values))))
    return KeySignatures(
        np.array(onsets, dtype=np.float64),
        np.array([fifths for fifths, _ in values], dtype=np.int32),
        np.array([minor for _, minor in values], dtype=np.int32),
    )


@st.composite
def tempos(draw):
    onsets = sorted(draw(st.sets(st.integers(0, 40), max_size=4)))
    values = draw(st.lists(st.floats(5, 500), min_size=len(onsets), max_size=len(onsets)))
    return Tempos(np.array(onsets, dtype=np.float64), np.array(values, dtype=np.float64))


@st.composite
def parts(draw, n):
    names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)
    programmes = draw(st.lists(st.integers(-1, 127), min_size=n, max_size=n))
    return Parts(tuple(draw(st.lists(names, min_size=n, max_size=n))), np.array(programmes, dtype=np.int32))


def without_repeats(values):
    return [value for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
