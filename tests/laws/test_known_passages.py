"""What is copied is found in any key and any part; what is not, is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from styleprint.corpus.known_passages import WINDOW_NOTES, KnownPassages, lines_of, passage_hashes


def melody(seed, n, part=0):
    """Onsets, parts and pitches of random music on a grid of eighths."""
    rng = np.random.default_rng(seed)
    onset = np.cumsum(rng.integers(1, 5, size=n)) / 2.0
    return onset, np.full(n, part), rng.integers(40, 90, size=n)


def runs(known, piece, **options):
    return [run for line in lines_of(*piece) for run in known.runs(line, **options)]


@given(
    seed=st.integers(0, 10**6), start=st.integers(0, 60), notes=st.integers(WINDOW_NOTES, 40), by=st.integers(-30, 30)
)
def test_a_planted_passage_is_found_in_any_key(seed, start, notes, by):
    """Moved in pitch and in time, in another part, between other notes: its length, place and origin are told."""
    known = KnownPassages.of([melody(seed + 1, 50), melody(seed, 100)])
    onset, _, pitch = melody(seed, 100)
    before, after = melody(seed + 2, 12), melody(seed + 3, 12)
    copied = slice(start, start + notes)
    begins = before[0][-1] + 1.5 - onset[start]
    ends = onset[start + notes - 1] + begins
    made = (
        np.concatenate([before[0], onset[copied] + begins, ends + 3.5 + after[0]]),
        np.full(24 + notes, 3),
        np.concatenate([before[2], pitch[copied] + by, after[2]]),
    )
    found = max(runs(known, made), key=lambda run: run.notes)
    assert (found.piece, found.part) == (1, 3)
    assert notes <= found.notes <= notes + 2  # a neighbour may agree by chance
    assert found.first <= 12
    assert found.last >= 11 + notes
    assert abs(found.onset_quarters - onset[start]) <= 5


@given(seed=st.integers(0, 10**6))
def test_nothing_is_found_in_random_music(seed):
    """Music made apart has no eight notes in common."""
    known = KnownPassages.of([melody(seed, 300), melody(seed + 1, 300)])
    assert runs(known, melody(seed + 2, 200)) == []


def test_a_piece_is_known_whole_but_not_where_it_is_left_out():
    """The longest run is the whole line; without the piece itself there is none."""
    piece = melody(0, 60)
    known = KnownPassages.of([piece])
    assert [run.notes for run in runs(known, piece)] == [60]
    assert runs(known, piece, without=[0]) == []


def test_a_texture_is_found_though_its_notes_stand_in_other_parts():
    """The line of all parts does not ask who plays."""
    onset, _, pitch = melody(0, 60)
    known = KnownPassages.of([(onset, np.arange(60) % 2, pitch)])
    found = runs(known, (onset, np.arange(60) % 3, pitch))
    assert [(run.notes, run.part) for run in found] == [(60, -1)]


def test_lines_do_not_run_into_each_other():
    """The end of one training piece and the beginning of the next are no passage."""
    onset, part, pitch = melody(0, 40)
    known = KnownPassages.of([(onset[:20], part[:20], pitch[:20]), (onset[20:], part[20:], pitch[20:])])
    assert sorted(run.notes for run in runs(known, (onset, part, pitch))) == [20, 20]


@given(seed=st.integers(0, 1000), notes=st.integers(WINDOW_NOTES, 30))
def test_hashes_of_passages_are_those_of_runs(seed, notes):
    """A passage of so many notes is known by its hash if and only if a run of that length is found."""
    piece = melody(seed, 80)
    known = KnownPassages.of([piece])
    line = lines_of(*(column[10:60] for column in piece))[0]
    assert np.isin(passage_hashes(line.steps, notes), known.passages_of(notes)).all()
    assert not np.isin(passage_hashes(lines_of(*melody(seed + 1, 60))[0].steps, notes), known.passages_of(notes)).any()


def test_a_state_comes_back_and_a_damaged_one_is_refused():
    """What a bundle keeps gives the same answers."""
    piece = melody(0, 60)
    known = KnownPassages.of([piece, melody(1, 5)])
    state = known.to_state()
    assert runs(KnownPassages.from_state(state), piece) == runs(known, piece)
    with pytest.raises(ValueError, match="offsets"):
        KnownPassages.from_state(state | {"offsets": state["offsets"] + 1})
    with pytest.raises(ValueError, match="one piece a line"):
        KnownPassages.from_state(state | {"piece": state["piece"][:-1]})
