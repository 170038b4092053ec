"""A score becomes annotations: frozen records of arrays, each made once by one function.

From notes to time
    :mod:`frames <styleprint.theory.frames>`: what is attacked together. :mod:`slices <styleprint.theory.slices>`:
    what sounds together. :mod:`moments <styleprint.theory.moments>`: what sounds from one frame to the next, with
    the durations of the file or with those told by onsets alone (:mod:`sustain <styleprint.theory.sustain>`).
    :mod:`metre <styleprint.theory.metre>`: places in the measure.

Harmony
    ``estimate_harmony(moments) -> Harmony`` (:mod:`harmony <styleprint.theory.harmony>`): key and chord of each
    moment, found together. ``chords_of(moments, harmony) -> Chords`` (:mod:`chords <styleprint.theory.chords>`):
    stretches with root, quality, inversion. ``numerals_of(chords) -> Numerals``
    (:mod:`numerals <styleprint.theory.numerals>`): degrees, applied chords, mixture.
    ``local_keys_of(moments, harmony) -> LocalKeys`` and ``modulations_of(local_keys) -> Modulations``
    (:mod:`local_keys <styleprint.theory.local_keys>`). ``estimate_global_key(score)``
    (:mod:`global_key <styleprint.theory.global_key>`). ``spell_pitch_classes(...)``
    (:mod:`spelling <styleprint.theory.spelling>`).
    ``tension_of(moments, harmony, chords) -> Tension``, ``interval_class_quarters(moments)``
    (:mod:`tension <styleprint.theory.tension>`).

Form
    ``find_cadences(moments, harmony, chords) -> Cadences`` (:mod:`cadences <styleprint.theory.cadences>`).
    ``find_phrases(moments, cadences) -> Phrases``, ``returns(moments)`` (:mod:`phrases <styleprint.theory.phrases>`).
    ``find_motifs(midi_pitch, onset_quarters) -> Motifs`` (:mod:`motifs <styleprint.theory.motifs>`): of any line.
    ``find_motif_returns(midi_pitch, onset_quarters) -> MotifReturns`` (:mod:`motif_returns
    <styleprint.theory.motif_returns>`): what comes back, of which length, how far away.

Voices
    ``separate_voices(notes) -> Voices`` (:mod:`voices <styleprint.theory.voices>`): notes of one track told apart.
    ``find_parallels(notes, voice, ...) -> Parallels`` (:mod:`voice_motion <styleprint.theory.voice_motion>`).
    ``find_nonchord_tones(notes, voices, chords) -> NonchordTones``
    (:mod:`nonchord_tones <styleprint.theory.nonchord_tones>`).
    ``outer_motion(upper, lower) -> Motion`` (:mod:`outer_voices <styleprint.theory.outer_voices>`).

Every annotation moves with a transposed score, to the last bit: what it says of degrees stays, what it says of
pitch classes is transposed.
"""
