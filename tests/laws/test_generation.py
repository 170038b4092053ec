"""What is drawn keeps its laws: the nucleus, the seed, the length, what is asked; and MIDI gives it back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_cases import GRID, PIECES, Replaying, events_of, writer
from styleprint.corpus.known_passages import KnownPassages
from styleprint.generation.chord_plan import read_chords
from styleprint.generation.composition import notes_of, score_of
from styleprint.generation.drawing import Sampling, draw, sharpen, sources
from styleprint.generation.key_name import read_key
from styleprint.generation.memorisation import RunGuard, check_memorisation
from styleprint.generation.sampling import Notes, Wishes, write_events
from styleprint.reading import read_score, write_midi
from styleprint.support.errors import UsageError

TICKS = 24 * 24


def written(n=2, sampling=None, **wishes):
    return write_events(writer(), n, Wishes(**({"ticks": TICKS} | wishes)), sampling or Sampling(top_p=1.0))


def columns(notes):
    return np.stack([notes.onset, notes.part, notes.midi_pitch, notes.duration])


@given(
    seed=st.integers(0, 10**6),
    top_p=st.floats(0.01, 1.0),
    temperature=st.floats(0.2, 3.0),
    zeros=st.integers(0, 8),
)
def test_the_nucleus_holds_its_mass_and_no_token_more(seed, top_p, temperature, zeros):
    """The likeliest tokens, at least top-p together; without the last of them less."""
    weight = np.random.default_rng(seed).random((3, 12))
    weight[:, :zeros] = 0.0
    sharp = sharpen(weight, Sampling(temperature, 1.0))
    kept = sharpen(weight, Sampling(temperature, top_p))
    assert kept.sum(axis=1) == pytest.approx(1.0)
    assert (kept[:, :zeros] == 0).all()
    for whole, part in zip(sharp, kept, strict=True):
        chosen = part > 0
        assert whole[chosen].sum() >= top_p - 1e-9
        assert whole[chosen].sum() - whole[chosen].min() < top_p + 1e-9
        assert chosen.all() or whole[chosen].min() >= whole[~chosen].max()


def test_draws_follow_their_probabilities():
    """A tenth, four tenths, a half; and a token of no probability never."""
    probabilities = np.tile([0.1, 0.0, 0.4, 0.5, 0.0], (20_000, 1))
    one = np.random.default_rng(0)
    share = np.bincount(draw(probabilities, [one] * 20_000), minlength=5) / 20_000
    assert share == pytest.approx([0.1, 0.0, 0.4, 0.5, 0.0], abs=0.015)


@pytest.mark.parametrize(("temperature", "top_p"), [(0.0, 0.9), (-1.0, 0.9), (1.0, 0.0), (1.0, 1.5), (float("nan"), 1)])
def test_impossible_sampling_is_refused(temperature, top_p):
    """Usage, and the message says what was asked."""
    with pytest.raises(UsageError, match="asked for"):
        Sampling(temperature, top_p)


def test_equal_seeds_give_equal_music_whatever_is_made_beside_it():
    """Output k of a seed is the same alone and among others; another seed gives others."""
    two, three = written(2), written(3)
    for one, other in zip(two, three, strict=False):
        assert (columns(one) == columns(other)).all()
    assert columns(two[0]).shape != columns(two[1]).shape or (columns(two[0]) != columns(two[1])).any()
    assert len(sources(0, 3)) == 3


@settings(max_examples=6)
@given(seed=st.integers(0, 50), quarters=st.integers(4, 24))
def test_midi_gives_back_what_was_written(tmp_path_factory, seed, quarters):
    """The length that was asked for, notes in range, and the same notes from the file."""
    ticks = quarters * 24
    (notes,) = written(1, Sampling(seed=seed), ticks=ticks)
    score = score_of(notes, ticks, tempo_qpm=100.0)
    assert score.end_quarters == quarters
    path = tmp_path_factory.mktemp("written") / "out.mid"
    write_midi(score, path)
    back = read_score(path)
    for name in ("onset_quarters", "duration_quarters", "midi_pitch"):
        assert (getattr(back, name) == getattr(score, name)).all(), name
    assert back.tempos.tempo_qpm[0] == pytest.approx(100.0, abs=1e-3)


def test_a_part_strikes_a_pitch_once_at_a_moment():
    """And at most twelve notes begin together."""
    for notes in written(3, Sampling(temperature=3.0, top_p=1.0)):
        struck = np.stack([notes.onset, notes.part, notes.midi_pitch], axis=1)
        assert len(np.unique(struck, axis=0)) == len(struck)
        assert np.unique(notes.onset, return_counts=True)[1].max() <= 12


def test_only_the_parts_asked_for_are_drawn():
    """The others are silent."""
    assert {int(part) for notes in written(2, parts=(1,)) for part in notes.part} == {1}


def test_a_given_part_stands_as_it_is_and_is_accompanied():
    """Every given note, in place, and notes of another part around it."""
    melody = Notes(np.arange(0, TICKS, 12), np.zeros(48, int), 72 + np.arange(48) % 5, np.full(48, 12))
    for notes in written(2, given=melody):
        own = notes.part == 0
        assert (columns(notes)[:, own] == columns(melody)).all()
        assert (~own).sum() > 10
        assert (np.diff(notes.onset) >= 0).all()


def test_chords_and_keys_pull_pitches():
    """More notes fit what was asked for than without asking; with no weight outside, all do."""
    plan = read_chords("Dm7 | G7 | Cmaj7 | %")
    share = {
        w: np.mean([plan.fit(x.onset / 24, x.midi_pitch) for x in written(2, chords=plan, chord_weight=w)])
        for w in (1.0, 0.2, 0.0)
    }
    assert share[1.0] < share[0.2] < share[0.0] == 1.0
    inside = [np.isin(x.midi_pitch % 12, (6, 8, 10, 11, 1, 3, 5)).mean() for x in written(2, key=(6, False))]
    plain = [np.isin(x.midi_pitch % 12, (6, 8, 10, 11, 1, 3, 5)).mean() for x in written(2)]
    assert np.mean(inside) > np.mean(plain) + 0.1


def test_no_passage_over_the_length_asked_for_is_copied():
    """A model that plays what it has learnt by heart; under the guard it may not."""
    known = KnownPassages.of([(x.onset / 24, x.part, x.midi_pitch) for x in PIECES])
    model = Replaying(events_of(PIECES[0]))
    guard = [RunGuard(known, 8)]
    plain, guarded = (
        write_events(model, 1, Wishes(TICKS, guards=guards), Sampling(top_p=1.0))[0] for guards in ((), guard)
    )
    assert check_memorisation(score_of(plain, TICKS, tempo_qpm=120), known).longest > 30
    assert check_memorisation(score_of(guarded, TICKS, tempo_qpm=120), known).longest <= 8
    assert len(guarded) > len(plain) / 2


def test_a_progression_is_read_in_measures():
    """Chords share a measure evenly, and come again."""
    plan = read_chords("Am F | G | % ", 3.0)
    assert plan.names == ("Am", "F", "G", "G")
    assert plan.start_quarters.tolist() == [0.0, 1.5, 3.0, 6.0]
    assert plan.at([0.0, 1.49, 1.5, 8.9, 9.0]).tolist() == [0, 0, 1, 3, 0]
    assert np.flatnonzero(plan.pitch_classes()[0]).tolist() == [0, 4, 9]


@pytest.mark.parametrize("text", ["Dm7 | H7", "", "C | | G", "% | C", "N", "X", "C:thirteenth"])
def test_what_is_no_progression_is_refused(text):
    """An error of usage that names the chord or the measure."""
    with pytest.raises(UsageError, match="U183"):
        read_chords(text)


def test_a_score_becomes_notes_again():
    """On the grid nothing is lost but what struck twice."""
    (notes,) = written(1)
    again = notes_of(score_of(notes, TICKS, tempo_qpm=120))
    assert (columns(again)[:3] == columns(notes)[:3][:, np.lexsort((notes.midi_pitch, notes.part, notes.onset))]).all()


def test_the_writer_gives_probabilities():
    """Each field sums to 1, unknown contexts too."""
    model = writer()
    state = model.advance(model.begin(2), np.array([[3, 1, 10, 2], [0, 0, 0, 0]]))
    known = {"shift": np.array([0, 2]), "part": np.array([1, 0]), "pitch": np.array([5, 6])}
    for field, size in zip(("shift", "part", "pitch", "duration"), GRID.sizes, strict=True):
        found = model.distribution(state, field, known)
        assert found.shape == (2, size)
        assert found.sum(axis=1) == pytest.approx(1.0)
        assert (found > 0).all()


@pytest.mark.parametrize(
    ("name", "key"),
    [("D minor", (2, True)), ("Bb", (10, False)), ("f#m", (6, True)), ("a♭ Min", (8, True)), ("cM", (0, False))],
)
def test_a_key_as_typed(name, key):
    """Letter and mode in either case."""
    assert read_key(name) == key


@pytest.mark.parametrize("name", ["AB minor", "BB", "EB major"])
def test_a_flat_is_a_small_letter(name):
    """A large B after a letter is refused, and not passed over: the key would be a semitone off."""
    with pytest.raises(UsageError, match="U184"):
        read_key(name)
