"""The same sound is found in another file, and other sound is not."""

import io

import numpy as np
import pytest
import soundfile
from scipy.ndimage import maximum_filter1d

from sound_cases import RATE_HZ, band, file_bytes, noise, recording
from styleprint import read_recording
from styleprint.corpus.audio_copies import agree, find_audio_copies
from styleprint.corpus.fingerprints import fingerprint
from styleprint.corpus.known_recordings import KnownRecordings
from styleprint.corpus.scan import scan_corpus
from styleprint.music.recording import Recording
from styleprint.sound.changes import cut_seconds, scale_level
from styleprint.sound.landmarks import _running_maximum, find_landmarks, landmark_frames, landmark_names


def music(seed, length=10.0):
    """Coloured noise whose spectrum changes as notes would: no two seeds share a passage."""
    rng = np.random.default_rng(seed)
    count = int(length * 6)
    parts = []
    for _ in range(count):
        time_s = np.arange(RATE_HZ // 6) / RATE_HZ
        parts.append(sum(np.sin(2 * np.pi * hz * time_s) for hz in rng.uniform(150, 4_000, size=5)) * 0.1)
    return recording(np.concatenate(parts) + 0.01 * rng.normal(size=count * (RATE_HZ // 6)))


def coded(sound, form):
    buffer = io.BytesIO()
    soundfile.write(buffer, sound.samples.T, sound.rate_hz, format=form)
    samples, rate_hz = soundfile.read(io.BytesIO(buffer.getvalue()), dtype="float32", always_2d=True)
    return Recording(np.ascontiguousarray(samples.T), rate_hz)


def found_in(*sounds):
    return find_audio_copies(
        [find_landmarks(sound) for sound in sounds],
        hashes=[str(number) for number in range(len(sounds))],
    )


SOUND = music(0)


@pytest.mark.parametrize(
    "change",
    [
        lambda sound: coded(sound, "MP3"),
        lambda sound: coded(sound, "OGG"),
        lambda sound: scale_level(sound, -12.0),
        lambda sound: cut_seconds(sound, 1.0, 10.0),
        lambda sound: recording(sound.samples[0] + noise(20.0, 0.02)[: sound.samples.shape[1]]),
    ],
    ids=["mp3", "ogg", "softer", "without its first second", "with noise"],
)
def test_copies_are_found(change):
    assert found_in(music(1), SOUND, music(2), change(SOUND)).sets == ((1, 3),)


def test_an_excerpt_is_no_copy_and_is_found():
    found = found_in(SOUND, music(1), cut_seconds(SOUND, 4.0, 8.0))
    assert found.sets == ()
    assert found.excerpts == ((0, 2),)


def test_a_part_in_common_is_no_copy():
    """A jingle before two pieces of one length, half a piece in another: both join, neither is a copy."""
    for shared in (1.0, 2.0, 5.0):
        cut = int(shared * RATE_HZ)
        other = recording(np.concatenate([SOUND.samples[0][:cut], music(1).samples[0][cut:]]))
        found = found_in(SOUND, other)
        assert (found.sets, found.excerpts) == ((), ((0, 1),))
        (match,) = KnownRecordings.of([fingerprint(SOUND)]).query(fingerprint(other))
        assert match.kind == "excerpt"


def test_other_sound_is_not_found():
    found = found_in(*(music(seed) for seed in range(8)), recording(noise(10.0)), recording(noise(10.0, seed=5)))
    assert found.sets == found.excerpts == ()


def test_equal_bytes_are_copies_whatever_they_hold():
    nothing = np.empty(0, np.uint64)
    found = find_audio_copies([nothing] * 4, hashes=["a", "b", "a", "c"])
    assert found.sets == ((0, 2),)


def test_order_does_not_count():
    sounds = [SOUND, music(1), coded(SOUND, "OGG"), cut_seconds(SOUND, 4.0, 8.0)]
    forwards, backwards = found_in(*sounds), found_in(*sounds[::-1])
    turned = {tuple(sorted(3 - member for member in members)) for members in backwards.sets}
    assert turned == set(forwards.sets)
    assert {tuple(sorted(3 - member for member in pair)) for pair in backwards.excerpts} == set(forwards.excerpts)


def test_landmarks_move_with_the_sound():
    """A second of silence before changes no name, and every time by as much."""
    late = recording(np.concatenate([np.zeros(43 * 512), SOUND.samples[0]]))
    before, after = find_landmarks(SOUND), find_landmarks(late)
    shared = np.intersect1d(before, (landmark_names(after).astype(np.uint64) << np.uint64(32)) | (
        np.maximum(landmark_frames(after) - 43, 0).astype(np.uint64)))  # fmt: skip
    assert len(shared) > 0.9 * len(before)


@pytest.mark.parametrize("rows", [1, 4, 11, 60])
def test_the_running_maximum_is_that_of_scipy(rows):
    values = np.random.default_rng(rows).random((rows, 7)).astype(np.float32)
    assert np.array_equal(_running_maximum(values, 5), maximum_filter1d(values, 11, axis=0))


def test_a_recording_that_is_there_often_is_one_set():
    """Eighty copies, in which half of the landmarks survive: their names are common, and all are found."""
    rng = np.random.default_rng(0)
    one = find_landmarks(SOUND)
    many = [np.sort(one[rng.random(len(one)) < 0.5]) for _ in range(80)]
    others = [find_landmarks(music(seed)) for seed in range(1, 4)]
    found = find_audio_copies([*others, *many], hashes=[str(row) for row in range(83)])
    assert found.sets == (tuple(range(3, 83)),)


def test_what_is_common_to_all_agrees_by_chance():
    """Names that fill two recordings: some agree at any distance, and neither is said to hold the other."""
    rng = np.random.default_rng(0)
    common = [
        np.unique(
            rng.integers(0, 30, 2_500).astype(np.uint64) << np.uint64(32)
            | rng.integers(0, 1_292, 2_500).astype(np.uint64)
        )
        for _ in range(2)
    ]
    assert agree(*common).count < 40
    assert find_audio_copies(common, hashes=["a", "b"]).excerpts == ()


def test_a_scan_joins_copies_under_two_labels(tmp_path):
    """A conflict of labels: counted, and neither trains."""
    for place, sound in (
        ("a/one.flac", SOUND),
        ("b/two.mp3", SOUND),
        ("a/three.flac", band(1)),
        ("b/four.flac", music(3)),
    ):
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file_bytes(sound.samples.T, form="MP3" if place.endswith("mp3") else "FLAC"))
    found = scan_corpus(tmp_path, workers=0)
    copies = found.table.set_index("path")["copies"]
    assert copies["a/one.flac"] == copies["b/two.mp3"] != ""
    assert sorted(found.usable["path"]) == ["a/three.flac", "b/four.flac"]


def test_a_known_recording_is_known_in_another_coding_and_in_part():
    """Copies first; the state that a bundle keeps says the same."""
    sounds = [music(seed, length=30.0) for seed in range(3)]
    known = KnownRecordings.of([fingerprint(sound) for sound in sounds])
    assert len(known.landmarks) < sum(len(fingerprint(sound).shingles) for sound in sounds)
    again = KnownRecordings.from_state(known.to_state())
    for asked, kind in ((coded(sounds[1], "OGG"), "copy"), (cut_seconds(sounds[1], 10.0, 20.0), "excerpt")):
        (match,) = known.query(fingerprint(asked))
        assert (match.index, match.kind) == (1, kind)
        assert 0.05 < match.coverage <= 1
        assert [match] == again.query(fingerprint(asked))
    assert known.query(fingerprint(music(9, length=30.0))) == []
    assert known.query(fingerprint(recording(np.zeros(RATE_HZ)))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("landmarks", np.zeros(3, np.uint32)),
        ("offsets", np.array([0, 5], np.int64)),
        ("counts", np.array([1], np.int64)),
    ],
)
def test_a_damaged_state_is_refused(name, value):
    state = KnownRecordings.of([fingerprint(SOUND)]).to_state()
    with pytest.raises(ValueError, match="known recordings"):
        KnownRecordings.from_state(state | {name: value})


@pytest.mark.shared_data
def test_a_clip_in_two_codings_is_one(shared_data):
    """The one clip that both folders of the shared recordings have, among others."""
    folder = shared_data / "data" / "recordings"
    names = ["gtzan/disco/disco.00000.ogg", "gtzan-fullband/disco/disco.00000.ogg", "gtzan-fullband/pop/pop.00000.ogg"]
    assert found_in(*(read_recording(folder / name) for name in names)).sets == ((0, 1),)


def test_numbers_of_many_recordings_hold():
    """Beyond 32,768, where a number of two times 24 bits would overflow."""
    nothing, one = np.empty(0, np.uint64), find_landmarks(SOUND)
    many = [nothing] * 40_002
    many[39_000] = many[40_001] = one
    found = find_audio_copies(many, hashes=[str(row) for row in range(len(many))])
    assert found.sets == ((39_000, 40_001),)
