"""Keys, chords, numerals and cadences of a few chords, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from feature_cases import chords, line, score_of
from styleprint.features.context import ScoreContext
from styleprint.music.score import TimeSignatures
from styleprint.music.time import lay_out_measures
from styleprint.theory.cadences import CADENCES, find_cadences
from styleprint.theory.chords import CHORD_QUALITIES, chords_of
from styleprint.theory.frames import frames_of, sounded_notes
from styleprint.theory.harmony import Harmony, estimate_harmony, fifths_between, key_distances
from styleprint.theory.local_keys import MODULATIONS, LocalKeys, modulations_of
from styleprint.theory.metre import METRICAL_PLACES, beat_quarters, metrical_places
from styleprint.theory.moments import sustained_moments, written_moments
from styleprint.theory.motifs import find_motifs
from styleprint.theory.nonchord_tones import NONCHORD_TONES, find_nonchord_tones
from styleprint.theory.numerals import NUMERAL_KINDS, numeral_names, numerals_of
from styleprint.theory.phrases import returns
from styleprint.theory.spelling import fifths_of_spelling, spell_pitch_classes
from styleprint.theory.sustain import sustained_quarters
from styleprint.theory.tension import interval_class_quarters
from styleprint.theory.voice_motion import PARALLELS, find_parallels
from styleprint.theory.voices import separate_voices

C_MAJOR, A_MINOR, G_MAJOR = 0, 21, 7

# I  IV  I64  V7  I in C, the tonic on top at the end
CLOSE = chords(
    [48, 60, 64, 67], [53, 60, 65, 69], [55, 60, 64, 72], [55, 59, 65, 71], [48, 60, 64, 72], duration=2.0
)  # fmt: skip
# the same in A minor, with a German sixth before the six-four
GERMAN = chords(
    [45, 57, 60, 64], [50, 57, 62, 65], [53, 57, 60, 63], [52, 57, 60, 69], [52, 56, 62, 68], [45, 57, 60, 69],
    duration=2.0,
)  # fmt: skip
# I in C, V7 of V, V, V7, I
APPLIED = chords(
    [48, 60, 64, 67], [50, 60, 66, 69], [43, 59, 62, 67], [43, 59, 62, 65], [48, 60, 64, 67], duration=2.0
)  # fmt: skip


def moments_of(score):
    notes = sounded_notes(score)
    return written_moments(notes, frames_of(notes))


def analysed(score):
    """Chords, their numerals and cadences of a score by its written durations."""
    moments = moments_of(score)
    harmony = estimate_harmony(moments)
    found = chords_of(moments, harmony)
    return found, find_cadences(moments, harmony, found)


def names(score):
    found, _ = analysed(score)
    return numeral_names(found, numerals_of(found))


def test_a_close_in_c_is_heard_as_one():
    """Roots C F G G C; the six-four has the dominant as its root; the cadence is perfect."""
    found, cadences = analysed(CLOSE)
    assert found.root.tolist() == [0, 5, 7, 7, 0]
    assert [CHORD_QUALITIES[q] for q in found.quality] == [
        "major", "major", "cadential_six_four", "dominant_seventh", "major",
    ]  # fmt: skip
    assert set(found.key.tolist()) == {C_MAJOR}
    assert names(CLOSE) == ["I", "IV", "V", "V", "I"]
    assert [CADENCES[k] for k in cadences.kind] == ["PAC"]
    assert cadences.onset_quarters.tolist() == [8.0]
    assert cadences.tonic.tolist() == [0]


def test_with_the_third_on_top_it_is_imperfect():
    third = chords(
        [48, 60, 64, 67], [53, 60, 65, 69], [55, 60, 64, 72], [55, 59, 65, 71], [48, 60, 67, 76], duration=2.0
    )  # fmt: skip
    _, cadences = analysed(third)
    assert [CADENCES[k] for k in cadences.kind] == ["IAC"]


def test_a_german_sixth_is_told_from_a_dominant_seventh_by_what_follows():
    """F A C E♭ (D♯) before the six-four of A minor; its root is D♯, its bass F."""
    found, _ = analysed(GERMAN)
    assert CHORD_QUALITIES[found.quality[2]] == "german_sixth"
    assert (found.root[2], found.bass[2], found.inversion[2]) == (3, 5, 1)
    assert set(found.key.tolist()) == {A_MINOR}
    assert names(GERMAN) == ["i", "iv", "vii/V", "V", "V", "i"]


def test_the_dominant_of_the_dominant_is_applied():
    assert names(APPLIED)[:3] == ["I", "V/V", "V"]


@pytest.mark.parametrize(
    ("pitches", "root", "quality", "inversion"),
    [
        ([48, 64, 67], 0, "major", 0),
        ([52, 60, 67], 0, "major", 1),
        ([50, 65, 69], 2, "minor", 0),
        ([47, 62, 65, 67], 7, "dominant_seventh", 1),
        ([53, 62, 67, 71], 7, "dominant_seventh", 3),
        ([50, 60, 65, 69], 2, "minor_seventh", 0),
        ([47, 62, 65], 11, "diminished", 0),
    ],
)
def test_chords_of_c_major_by_their_tones(pitches, root, quality, inversion):
    """Each between chords of another root, after a tonic and before a close that fix the key."""
    tonic, other = [48, 60, 64, 67], [45, 60, 64, 69]
    found, _ = analysed(chords(tonic, other, pitches, other, [43, 59, 62, 67], tonic, duration=2.0))
    middle = np.searchsorted(found.start_quarters, 4.0 + 1e-6) - 1
    given = found.root[middle], CHORD_QUALITIES[found.quality[middle]], found.inversion[middle]
    assert given == (root, quality, inversion)


def test_a_bass_that_stays_makes_an_inversion_and_a_broken_chord_none():
    """C E G over C for two quarters, then over E for two: I and I6. The same tones broken in eighths: one chord."""
    upper = [(0, 4, 64), (0, 4, 67), (0, 4, 72)]
    found, _ = analysed(score_of([*upper, (0, 2, 48), (2, 2, 52)]))
    assert (found.inversion.tolist(), found.start_quarters.tolist()) == ([0, 1], [0.0, 2.0])
    broken = [(i / 2, 0.5, pitch) for i, pitch in enumerate([48, 52, 55, 52] * 2)]
    found, _ = analysed(score_of([*upper, *broken]))
    assert found.inversion.tolist() == [0]


def test_a_passing_note_makes_no_chord():
    """C E G with D passing between C and E in the upper voice."""
    notes = [(0, 4, 48), (0, 4, 55), (0, 1, 72), (1, 0.5, 74), (1.5, 2.5, 76)]
    found, _ = analysed(score_of(notes))
    assert found.root.tolist() == [0]


def test_fifths_between_keys():
    """C to G one sharp, to F one flat; relative keys are 0 apart, parallel keys 3."""
    frm = np.array([C_MAJOR, C_MAJOR, C_MAJOR, C_MAJOR, A_MINOR])
    to = np.array([G_MAJOR, 5, A_MINOR, 12, 9])
    assert fifths_between(frm, to).tolist() == [1, -1, 0, -3, 3]
    assert key_distances().max() == 6
    assert (key_distances() == key_distances().T).all()


def test_kinds_of_modulation():
    keys = np.array([0, 7, 16, 4, 1, 6], dtype=np.int32)  # C, G, E minor, E, C sharp, F sharp
    times = np.arange(6.0)
    local = LocalKeys(np.arange(6), times, times + 1, keys, np.ones(6), 0)
    found = modulations_of(local)
    assert [MODULATIONS[k] for k in found.kind] == ["close", "relative", "parallel", "medium", "close"]
    assert found.fifths.tolist() == [1, 0, 3, 3, -1]


def test_moments_share_what_sounds():
    """A held C under E and G in turn: C is there throughout, G for half of its moment."""
    moments = moments_of(score_of([(0, 2, 48), (0, 1, 64), (1, 0.5, 67)]))
    assert moments.length_quarters.tolist() == [1.0, 1.0]
    assert moments.presence[0, [0, 4, 7]].tolist() == [1, 1, 0]
    assert moments.presence[1, [0, 4, 7]].tolist() == [1, 0, 0.5]
    assert moments.bass.tolist() == [48, 48]
    assert moments.bass_attacked.tolist() == [True, False]
    assert moments.top.tolist() == [64, 67]


def test_octaves_double_and_unisons_do_not():
    moments = moments_of(score_of([(0, 1, 48, 0), (0, 1, 60, 0), (0, 1, 60, 1), (0, 1, 64, 1)]))
    assert moments.presence[0, [0, 4]].tolist() == [1, 1]
    assert moments.doubling[0, [0, 4]].tolist() == [1, 0]


def test_pitches_are_sustained_until_replaced():
    """The bass C sounds two quarters; the E until F, a semitone above, is attacked; F until the end."""
    frames = frames_of(sounded_notes(score_of([(0, 0.25, 40), (0, 0.25, 64), (1, 0.25, 65), (3, 1, 48)])))
    assert sustained_quarters(frames).tolist() == [2.0, 1.0, 2.0, 2.0]


def test_staccato_changes_nothing_that_stands_on_onsets():
    short = score_of([(i / 2, 0.1, pitch) for i, pitch in enumerate([48, 64, 67, 64] * 4)])
    long = line([48, 64, 67, 64] * 4)
    a, b = (sustained_moments(frames_of(sounded_notes(score))) for score in (short, long))
    assert (a.presence == b.presence).all()


def test_places_in_the_measure():
    """3/4 with a pickup of a quarter, then 6/8: beats are quarters, then dotted quarters."""
    metre = TimeSignatures(np.array([0.0]), np.array([6], np.int32), np.array([8], np.int32))
    score = line([60] * 12)
    score = replace(score, time_signatures=metre, measures=lay_out_measures(metre, 6.0))
    times = np.array([0.0, 0.5, 1.5, 3.0])
    assert [METRICAL_PLACES[p] for p in metrical_places(score, times)] == ["downbeat", "off", "beat", "downbeat"]
    assert beat_quarters(score, times).tolist() == [1.5] * 4
    assert metrical_places(line([60]), np.array([0.0])) is None


def test_spelling_by_degree():
    """In A minor G♯ is the leading note, not A♭; in C minor A♭ is the sixth degree."""
    minor = chords([45, 57, 60, 64], [52, 56, 59, 64], [45, 57, 60, 64], duration=2.0)
    found, _ = analysed(minor)
    assert spell_pitch_classes(np.array([8, 0]), np.array([1, 0]), found, A_MINOR).tolist() == [8, 0]
    in_c = chords([48, 60, 63, 67], [53, 60, 65, 68], [43, 59, 62, 67], [48, 60, 63, 67], duration=2.0)
    found, _ = analysed(in_c)
    assert spell_pitch_classes(np.array([8, 11]), np.array([1, 2]), found, 12).tolist() == [-4, 5]


def test_a_tone_that_rises_a_semitone_leads():
    """Over C E G, the tone between G and A is G♯ where A follows, A♭ where nothing does."""
    found, _ = analysed(chords([48, 60, 64, 67], [53, 60, 65, 69], [43, 59, 62, 67], [48, 60, 64, 67], duration=2.0))
    pitch_class, chord = np.array([8, 9]), np.array([0, 0])
    assert spell_pitch_classes(pitch_class, chord, found, C_MAJOR, np.array([1, -1])).tolist() == [8, 3]
    assert spell_pitch_classes(pitch_class, chord, found, C_MAJOR).tolist() == [-4, 3]


def test_places_on_the_line_of_fifths():
    """C, G, F, F♯, B♭."""
    step, alter = np.array([0, 4, 3, 3, 6]), np.array([0, 0, 0, 1, -1])
    assert fifths_of_spelling(step, alter).tolist() == [0, 1, -1, 6, -2]


def test_two_voices_of_one_track_are_told_apart():
    """A held bass C, a tune above it, and a middle voice that enters later."""
    score = score_of([(0, 4, 48), (0, 1, 72), (1, 1, 74), (2, 1, 76), (2, 2, 60), (3, 1, 77), (4, 1, 48), (4, 1, 76)])
    voices = separate_voices(sounded_notes(score))
    pitch = sounded_notes(score).midi_pitch
    lines = {tuple(pitch[voices.voice == v].tolist()) for v in set(voices.voice.tolist())}
    assert lines == {(48, 48), (72, 74, 76, 77, 76), (60,)}


def test_voices_link_notes_both_ways():
    voices = separate_voices(sounded_notes(line([60, 62, 64])))
    assert voices.previous.tolist() == [-1, 0, 1]
    assert voices.following.tolist() == [1, 2, -1]


def test_a_voice_rests_rather_than_sing_two_notes_at_once():
    """Two notes struck together are two voices; the one that ends is taken up by the nearer."""
    score = score_of([(0, 1, 60), (0, 1, 72), (1, 1, 71), (2, 1, 61)])
    voices = separate_voices(sounded_notes(score))
    assert voices.voice.tolist() == [0, 1, 1, 0]


def test_phrases_close_with_cadences():
    """Two closes in C, each of five chords of two quarters: the first phrase ends where the second begins."""
    pitches = [[48, 60, 64, 67], [53, 60, 65, 69], [55, 60, 64, 72], [55, 59, 65, 71], [48, 60, 64, 72]]
    score = chords(*pitches, *pitches, duration=2.0)
    phrases = ScoreContext(score).phrases
    assert phrases.close_quarters.tolist() == [8.0, 18.0]
    assert phrases.start_quarters.tolist() == [0.0, 10.0]
    assert phrases.end_quarters.tolist() == [10.0, 20.0]
    assert [CADENCES[k] for k in phrases.cadence] == ["PAC", "PAC"]


def test_a_return_is_found_transposed():
    """Seven steps, something else, and the seven steps a fifth higher."""
    tune = [60, 62, 64, 60, 65, 64, 62, 60]
    score = line([*tune, 55, 50, 79, *(pitch + 7 for pitch in tune)])
    begins = np.flatnonzero(returns(moments_of(score)))
    assert begins.tolist() == [11]


def test_parallel_fifths_and_octaves():
    """Fifths C–G to D–A, then octaves D–D to E–E, then contrary motion to a fifth."""
    frames = chords([48, 55], [50, 57])
    notes = sounded_notes(frames)
    found = find_parallels(notes, np.array([0, 1, 0, 1]), frames_of(notes).onset_quarters)
    assert [PARALLELS[k] for k in found.kind] == ["fifth"]
    assert (found.moment.tolist(), found.lower.tolist(), found.upper.tolist()) == ([1], [0], [1])
    notes = sounded_notes(chords([50, 62], [52, 64], [50, 57]))
    found = find_parallels(notes, np.array([0, 1] * 3), frames_of(notes).onset_quarters)
    assert [PARALLELS[k] for k in found.kind] == ["octave"]
    assert found.steps_together == 2


def test_held_voices_make_no_parallels():
    """A fifth repeated is no parallel, and contrary motion from octave to octave is none."""
    for frames in ([48, 55], [48, 55]), ([48, 60], [43, 67]):
        notes = sounded_notes(chords(*frames))
        assert len(find_parallels(notes, np.array([0, 1, 0, 1]), frames_of(notes).onset_quarters)) == 0


@pytest.mark.parametrize(
    ("tune", "kind"),
    [
        ([72, 74, 76], "passing"),
        ([72, 74, 72], "neighbour"),
        ([72, 77, 76], "appoggiatura"),
        ([72, 74, 79], "escape"),
    ],
)
def test_nonchord_tones_over_a_held_triad(tune, kind):
    """Over C E G held for four quarters: the middle note of the tune is strange, the others are not."""
    score = score_of([(0, 4, 48), (0, 4, 55), (0, 4, 64), *((i, 1, pitch) for i, pitch in enumerate([*tune, tune[2]]))])
    notes = sounded_notes(score)
    moments = moments_of(score)
    found = find_nonchord_tones(notes, separate_voices(notes), chords_of(moments, estimate_harmony(moments)))
    strange = {int(p): NONCHORD_TONES[k] for p, k in zip(notes.midi_pitch, found.kind, strict=True) if k >= 0}
    assert strange == {tune[1]: kind}


def test_a_suspension_is_prepared_and_goes_down():
    """C held over a dominant, struck again: 4–3."""
    before, after = [48, 55, 64, 72], [43, 55, 62]
    held = [(0, 2, p) for p in before] + [(2, 2, p) for p in after] + [(4, 2, p) for p in before]
    score = score_of([*held, (2, 1, 72), (3, 1, 71)])
    notes = sounded_notes(score)
    moments = moments_of(score)
    found = find_nonchord_tones(notes, separate_voices(notes), chords_of(moments, estimate_harmony(moments)))
    strange = [(notes.onset_quarters[i], NONCHORD_TONES[found.kind[i]]) for i in np.flatnonzero(found.kind >= 0)]
    assert strange == [(2.0, "suspension")]


def test_interval_classes_by_duration():
    """A major triad for two quarters: a minor third, a major third, a fourth (the fifth turned round)."""
    quarters = interval_class_quarters(moments_of(chords([48, 52, 55], duration=2.0)))
    assert quarters.tolist() == [[0, 0, 2, 2, 2, 0]]
    assert interval_class_quarters(moments_of(chords([48, 54]))).tolist() == [[0, 0, 0, 0, 0, 1]]


def test_tension_on_the_spiral_array():
    """One tone has no diameter; a fifth is √2 wide and √(2/15) high; repeating a chord moves nothing."""
    context = ScoreContext(chords([48], [48, 55], [48, 55], duration=2.0))
    assert context.tension.diameter.tolist() == pytest.approx([0.0, np.sqrt(2 + 2 / 15), np.sqrt(2 + 2 / 15)])
    assert np.isnan(context.tension.momentum[0])
    assert context.tension.momentum[2] == pytest.approx(0.0)


def test_the_tonic_strains_less_than_a_far_chord():
    close = ScoreContext(chords([48, 60, 64, 67], [53, 60, 65, 69], [43, 59, 62, 67], [48, 60, 64, 67], duration=2.0))
    assert np.isfinite(close.tension.strain).all()
    assert close.tension.strain[0] < close.tension.strain[1]


def test_motifs_come_back_and_go_on_as_sequences():
    """C D E C, the same from D, something else, and again from C; a run that rises step by step is a sequence."""
    line_of = [60, 62, 64, 60, 62, 64, 66, 62, 55, 60, 62, 64, 60]
    found = find_motifs(np.array(line_of), np.arange(13.0), length=3)
    assert np.flatnonzero(found.motif == found.motif[0]).tolist() == [0, 4, 9]
    assert np.flatnonzero(found.comes_back & (found.motif == found.motif[0])).tolist() == [4, 9]
    rising = find_motifs(np.array([60, 62, 64, 62, 64, 66, 64]), np.arange(7.0), length=3)
    assert np.flatnonzero(rising.is_sequence).tolist() == [3]
    repeated = find_motifs(np.array([60, 62, 60, 62, 60]), np.arange(5.0), length=2)
    assert np.flatnonzero(repeated.comes_back).tolist() == [2]
    assert not repeated.is_sequence.any()


def test_rhythm_belongs_to_a_motif():
    pitches, even = np.array([60, 62, 64, 50, 60, 62, 64]), np.arange(7.0)
    assert find_motifs(pitches, even, 2).comes_back.tolist() == [False, False, False, False, True]
    dotted = np.array([0, 1.5, 2, 3, 4, 5, 6])
    assert not find_motifs(pitches, dotted, 2).comes_back.any()


def test_a_line_too_short_for_a_motif_has_none():
    assert len(find_motifs(np.array([60, 62]), np.array([0.0, 1.0]), 4)) == 0
    with pytest.raises(ValueError, match="length must be at least 1, but is 0"):
        find_motifs(np.array([60]), np.array([0.0]), 0)


def test_silence_has_no_harmony():
    """A score without notes gives empty records, and no key."""
    context = ScoreContext(score_of([]))
    assert (len(context.chords), len(context.cadences), len(context.local_keys)) == (0, 0, 0)
    assert context.harmony.home_key == -1
    assert len(context.modulations) == 0


def test_kinds_of_numerals_are_named():
    """The tonic is diatonic, V/V applied."""
    context = ScoreContext(APPLIED)
    kinds = [NUMERAL_KINDS[k] for k in context.numerals.kind]
    assert kinds[:3] == ["diatonic", "applied", "diatonic"]
    assert context.numerals.applied_to[:3].tolist() == [-1, 7, -1]


def test_an_unknown_home_key_still_gives_harmony():
    """All twelve at once: no key of the piece, but a record for its one moment."""
    harmony = estimate_harmony(moments_of(chords(list(range(60, 72)))))
    assert isinstance(harmony, Harmony)
    assert harmony.home_key == -1
    assert len(harmony.root) == 1
