"""Laws of finding the same music: what counts as the same, and what the answer depends on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from music_cases import moved, piece, pitches, score_of, with_ornaments, with_programme
from strategies import scores
from styleprint.corpus.candidates import find_candidates
from styleprint.corpus.copies import Fingerprint, KnownPieces, find_copies, fingerprint
from styleprint.music.changes import CHANGES, REENCODINGS, cut_span, empty_score, scale_tempo, transpose

OTHERS = [fingerprint(piece(seed, frames=60 + 17 * seed)) for seed in range(1, 12)]
_SECTIONS = [pitches(600 + number, 60) for number in range(8)]
CHAIN = [fingerprint(score_of(np.concatenate(_SECTIONS[start : start + 4]))) for start in range(5)]
"""Each is a copy of the next, the first is none of the last."""

SAME_MUSIC = {
    "in another key": lambda f: score_of(moved(f, 5)),
    "twice as fast": lambda f: score_of(f, quarters=0.25),
    "in another tempo": lambda f: scale_tempo(score_of(f), 0.5),
    "in one part": lambda f: CHANGES["merged_parts"](score_of(f)),
    "on another instrument": lambda f: with_programme(score_of(f), 40),
    "doubled in octaves": lambda f: score_of(np.hstack([f, f[:, :1] + 12])),
    "with its repeats written out": lambda f: score_of(np.concatenate([f[:60], f[:60], f[60:], f[60:]])),
    "with ornaments": lambda f: score_of(with_ornaments(f)),
    "with ornaments in another key": lambda f: score_of(moved(with_ornaments(f), -3)),
    "with wrong notes": lambda f: CHANGES["wrong_notes"](score_of(f)),
    "shortened a little": lambda f: score_of(f[:110]),
}
PLAYED_AGAIN = ("in another key", "with ornaments", "with its repeats written out")


@pytest.mark.parametrize("change", [*REENCODINGS, "transposition"])
@given(score=scores(max_notes=60))
def test_a_reencoding_or_another_key_leaves_all_shingles(change, score):
    if change in ("resolution", "transposition"):  # both may bring notes together, or fold them at the end of the range
        score = piece(len(score), frames=30)
    before, after = fingerprint(score), fingerprint(CHANGES[change](score))
    np.testing.assert_array_equal(before.shingles, after.shingles)
    if change != "transposition":
        np.testing.assert_array_equal(before.frames, after.frames)


@given(score=scores(max_notes=60))
def test_shingles_are_sorted_once_each_and_frames_hold_twelve_pitch_classes(score):
    found = fingerprint(score)
    assert found.frames.dtype == np.uint16
    assert found.shingles.dtype == np.uint64
    assert (np.diff(found.shingles.astype(object)) > 0).all()
    assert ((found.frames > 0) & (found.frames < 4096)).all()


@given(semitones=st.integers(-12, 12), seed=st.integers(0, 50))
@settings(max_examples=20)
def test_frames_turn_with_the_key(semitones, seed):
    score = piece(seed, frames=20)
    bits = fingerprint(score).frames[:, None] >> np.arange(12) & 1
    moved = fingerprint(transpose(score, semitones)).frames[:, None] >> np.arange(12) & 1
    np.testing.assert_array_equal(np.roll(bits, semitones, axis=1), moved)


@pytest.mark.parametrize("change", SAME_MUSIC)
@pytest.mark.parametrize("seed", [100, 101, 102])
def test_the_same_music_is_a_copy(change, seed):
    frames = pitches(seed)
    found = find_copies([*OTHERS, fingerprint(score_of(frames)), fingerprint(SAME_MUSIC[change](frames))])
    assert found.sets == ((len(OTHERS), len(OTHERS) + 1),)
    assert found.excerpts == ()


@pytest.mark.parametrize("voices", [1, 2, 4])
def test_pieces_of_their_own_are_not_joined(voices):
    prints = [fingerprint(piece(seed, frames=20 + 8 * seed, voices=voices)) for seed in range(50)]
    found = find_copies(prints, works=["one work"] * 50)
    assert found.sets == ()
    assert found.excerpts == ()


@pytest.mark.parametrize("semitones", [0, 6])
def test_an_excerpt_is_an_excerpt_and_never_a_copy(semitones):
    whole = piece(200, frames=400)
    part = transpose(cut_span(whole, 50.0, 110.0), semitones)
    found = find_copies([*OTHERS, fingerprint(part), fingerprint(whole)])
    assert found.sets == ()
    assert found.excerpts == ((len(OTHERS), len(OTHERS) + 1),)


def test_a_concatenation_holds_both_of_its_parts():
    first, second = pitches(300, 150), pitches(301, 150)
    both = np.concatenate([first, second])
    found = find_copies([fingerprint(score_of(frames)) for frames in (first, both, second)])
    assert found.sets == ()
    assert found.excerpts == ((0, 1), (1, 2))


def test_a_few_bars_are_no_excerpt():
    whole = pitches(302, 300)
    found = find_copies([fingerprint(score_of(whole[100:130])), fingerprint(score_of(whole))])
    assert found.sets == found.excerpts == ()


@given(seed=st.integers(0, 1000))
@settings(max_examples=10)
def test_neither_the_order_of_rows_nor_the_number_of_workers_changes_anything(seed):
    frames = pitches(400)
    same = [fingerprint(SAME_MUSIC[change](frames)) for change in SAME_MUSIC]
    part = fingerprint(score_of(pitches(401, 300)[100:200]))
    prints = [*OTHERS, *same, part, fingerprint(score_of(pitches(401, 300))), *CHAIN]
    order = np.random.default_rng(seed).permutation(len(prints)).tolist()
    plain, mixed = find_copies(prints), find_copies([prints[i] for i in order], workers=3)
    assert len(plain.sets) > 1
    assert sorted(tuple(sorted(order[i] for i in members)) for members in mixed.sets) == list(plain.sets)
    assert sorted(tuple(sorted(order[i] for i in pair)) for pair in mixed.excerpts) == list(plain.excerpts)


def test_the_music_and_not_the_order_of_rows_decides_between_equals():
    rng = np.random.default_rng(7)
    choices = [rng.choice([60, 61, 62], (64, 2)) for _ in range(4)]
    whole = [section + 3 * number for number, section in enumerate(choices)]  # no pitch class in two sections
    prints = [fingerprint(score_of(np.concatenate(parts))) for parts in (whole[:3], whole, whole[1:])]
    (plain,) = find_copies(prints).sets
    assert plain in ((0, 1), (1, 2))
    (mirrored,) = find_copies(prints[::-1]).sets
    assert tuple(sorted(2 - row for row in mirrored)) == plain


def test_a_piece_that_is_very_common_is_still_one_set():
    frames = pitches(500)
    prints = [fingerprint(score_of(moved(with_ornaments(frames, seed), seed % 7))) for seed in range(60)]
    assert find_copies([*prints, *OTHERS]).sets == (tuple(range(60)),)


def test_likeness_does_not_run_along_a_chain():
    assert find_copies([CHAIN[0], CHAIN[1]]).sets == ((0, 1),)
    assert find_copies([CHAIN[0], CHAIN[4]]).sets == ()
    assert max(map(len, find_copies(CHAIN).sets)) == 2


def test_candidates_are_pairs_in_order_each_once():
    frames = pitches(402)
    prints = [*OTHERS[:3], *(fingerprint(score_of(with_ornaments(frames, seed))) for seed in range(4))]
    assert find_candidates(prints) == [(3, 4), (3, 5), (3, 6), (4, 5), (4, 6), (5, 6)]


def test_an_excerpt_is_found_though_most_of_the_whole_is_in_another_key():
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    degrees = np.random.default_rng(5).integers(0, 7, (500, 2))
    part = scale[degrees[:100]] + [72, 48]
    rest = scale[degrees[100:]] + [78, 54]
    prints = [fingerprint(score_of(part + 6)), fingerprint(score_of(np.concatenate([part, rest])))]
    assert find_copies(prints).excerpts == ((0, 1),)
    (match,) = KnownPieces.of([prints[1]]).query(prints[0])
    assert match.transposition == 6


def test_a_part_of_a_very_long_piece_is_known():
    whole = pitches(1002, 4000)
    known = KnownPieces.of([*OTHERS, fingerprint(score_of(whole))])
    assert [match.kind for match in known.query(fingerprint(score_of(whole[2000:2150])))] == ["excerpt"]


def test_a_repeated_chord_stands_in_no_other_piece():
    chords = np.tile([60, 64, 67], (200, 1))
    changing = np.concatenate([np.tile(frame, (20, 1)) for frame in pitches(700, 30)])
    assert find_copies([fingerprint(score_of(chords)), fingerprint(score_of(changing)), *OTHERS]).sets == ()


@pytest.mark.parametrize("frames", [0, 1, 2, 5, 11])
def test_too_little_music_is_no_copy_unless_the_bytes_are_equal(frames):
    print_ = fingerprint(score_of(pitches(800, frames)) if frames else empty_score())
    assert find_copies([print_, print_, *OTHERS]).sets == ()
    hashes = ["a", "a", *map(str, range(len(OTHERS)))]
    assert find_copies([print_, print_, *OTHERS], hashes=hashes).sets == ((0, 1),)
    assert KnownPieces.of([print_, *OTHERS]).query(print_) == []


def test_without_pieces_there_is_nothing():
    found = find_copies([])
    assert found.sets == found.excerpts == ()
    assert KnownPieces.of([]).query(OTHERS[0]) == []


def test_a_common_name_helps_where_the_music_is_less_alike_but_does_not_decide():
    first = pitches(900, 200)
    second = np.concatenate([first[:142], pitches(901, 58)])
    prints = [fingerprint(score_of(first)), fingerprint(score_of(second))]
    assert find_copies(prints).sets == ()
    assert find_copies(prints, works=["a", "a"]).sets == ((0, 1),)
    assert find_copies(prints, works=["a", "b"]).sets == ()


@pytest.mark.parametrize("change", PLAYED_AGAIN)
def test_a_known_piece_is_recognised_from_the_state_too(change):
    frames = pitches(1000)
    known = KnownPieces.of([*OTHERS, fingerprint(score_of(frames))])
    asked = fingerprint(SAME_MUSIC[change](frames))
    found = known.query(asked)
    assert [(match.index, match.kind) for match in found] == [(len(OTHERS), "copy")]
    again = KnownPieces.from_state(known.to_state())
    assert len(again) == len(known) == len(OTHERS) + 1
    assert again.query(asked) == found


def test_a_match_says_which_way_and_how_far_the_music_was_moved():
    whole = piece(1001, frames=400)
    part = transpose(cut_span(whole, 50.0, 110.0), 3)
    (forth,) = KnownPieces.of([fingerprint(whole)]).query(fingerprint(part))
    (back,) = KnownPieces.of([fingerprint(part)]).query(fingerprint(whole))
    assert (forth.kind, forth.transposition, back.transposition) == ("excerpt", 9, 3)
    assert forth.coverage == back.reverse == 1.0
    assert forth.reverse == back.coverage < 0.6


@pytest.mark.parametrize("seed", range(5))
def test_a_new_piece_is_not_known(seed):
    assert KnownPieces.of(OTHERS).query(fingerprint(piece(2000 + seed))) == []


def _damaged(name):
    state = KnownPieces.of(OTHERS).to_state()
    if name == "missing":
        del state["frames"]
    elif name == "type":
        state["frames"] = state["frames"].astype(np.int64)
    elif name == "shape":
        state["shingles"] = state["shingles"][:, None]
    elif name == "mask":
        state["frames"] = state["frames"] | np.uint16(4096)
    elif name == "falling":
        state["frame_offsets"] = state["frame_offsets"][::-1].copy()
    elif name == "short":
        state["shingles"] = state["shingles"][:-1]
    elif name == "count":
        state["frame_offsets"] = np.append(state["frame_offsets"], state["frame_offsets"][-1])
    return state


@pytest.mark.parametrize("damage", ["missing", "type", "shape", "mask", "falling", "short", "count"])
def test_a_damaged_state_is_refused(damage):
    with pytest.raises(ValueError, match="known pieces"):
        KnownPieces.from_state(_damaged(damage))


def test_a_fingerprint_is_small():
    found = fingerprint(piece(3000, frames=5000))
    assert isinstance(found, Fingerprint)
    assert found.frames.nbytes + found.shingles.nbytes < 20_000
