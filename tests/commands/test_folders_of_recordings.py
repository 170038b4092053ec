"""A folder of recordings by the same commands as a folder of scores."""

import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from sound_cases import RATE_HZ, clicks, file_bytes, noise, tone
from styleprint import read_recording
from styleprint.cli import run
from styleprint.corpus.scan import scan_corpus
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import read_table
from styleprint.features.registry import catalogue
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions

ARTISTS = ("Anna", "Bert", "Cleo", "Dora")


def sung(artist, song, length=2.5):
    """Tones, none of them the same in two songs: calm."""
    rng = np.random.default_rng([artist, song])
    steps = rng.choice([0, 2, 4, 5, 7, 9, 11, 12], size=5) + rng.uniform(-0.5, 0.5, size=5)
    parts = [tone(220 * 2 ** ((artist + step) / 12), length / 5, 0.3) for step in steps]
    return np.concatenate(parts) + noise(length, 0.002, seed=100 + 10 * artist + song)[: sum(map(len, parts))]


def drummed(artist, song, length=2.5):
    """Clicks over noise: rough."""
    own = int(10 * artist) + song
    return clicks(100 + 15 * artist + song, length, 0.7, own) + noise(length, 0.02 + 0.01 * artist, seed=own)


def fill(folder, songs=3):
    """Two genres with a subgenre each, four artists in each, whose names are in tags."""
    for genre, make in (("calm/vocal", sung), ("rough/drums", drummed)):
        for number, artist in enumerate(ARTISTS):
            for song in range(songs):
                path = folder / genre / f"{number}{song}.flac"
                path.parent.mkdir(parents=True, exist_ok=True)
                tags = {"artist": f"{artist} {genre}", "album": f"Album {song}", "title": f"Song {song}"}
                path.write_bytes(file_bytes(make(number, song), form="FLAC", **tags))
    return folder


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = fill(tmp_path_factory.mktemp("recordings") / "my music")
    (folder / "calm" / "cover.jpg").write_bytes(b"no music")
    (folder / "calm" / "vocal" / "bought.m4p").write_bytes(b"\x00\x00\x00\x20ftypM4P " + bytes(100))
    (folder / "rough" / "drums" / "silence.wav").write_bytes(file_bytes(np.zeros(3 * RATE_HZ)))
    (folder / "rough" / "drums" / "score.mid").write_bytes(b"MThd")
    return folder


@pytest.fixture(scope="module")
def table(recordings):
    path = recordings.parent / "table.parquet"
    assert run(["extract", str(recordings), "-o", str(path), "--workers", "0", "--quiet"]) == 0
    return path


@pytest.fixture(scope="module")
def bundle(recordings):
    path = recordings.parent / "genres.styleprint"
    asked = ["train", str(recordings), "-o", str(path), "--model", "discriminant", "--workers", "0", "--quiet"]
    assert run(asked) == 0
    return path


def test_scan_tells_artists_albums_and_what_cannot_serve(recordings):
    found = scan_corpus(recordings, workers=0)
    table = found.table.set_index("path")
    assert (table["status"] == "ok").sum() == 24
    assert table.loc["calm/vocal/bought.m4p", "status"] == "unreadable"
    assert "digital rights" in table.loc["calm/vocal/bought.m4p", "reason"]
    assert "silent" in table.loc["rough/drums/silence.wav", "reason"]
    row = table.loc["calm/vocal/00.flac"]
    assert (row["label"], row["work"], row["work_source"]) == ("calm", "artist-anna-calm-vocal", "file")
    assert (row["collection"], row["artist"], row["title"]) == ("album-album-0", "Anna calm/vocal", "Song 0")
    assert row["seconds"] == pytest.approx(2.5, abs=0.01)
    assert found.usable["group"].nunique() == 8
    assert any("1 scores beside the recordings" in note for note in found.notes)


def test_levels_are_genre_and_subgenre(recordings):
    found = scan_corpus(recordings, levels=("genre", "subgenre"), workers=0)
    assert set(found.usable["label"]) == {"calm/vocal", "rough/drums"}


def test_an_artist_is_one_group_under_two_labels(tmp_path):
    for label in ("jazz", "soul"):
        for song in range(2):
            path = tmp_path / label / f"Nina - Song {label} {song}.wav"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file_bytes(sung(song, 2 * song + (label == "soul"))))
    found = scan_corpus(tmp_path, workers=0)
    assert found.table["group"].nunique() == 1
    assert not found.table["copies"].any()


def test_albums_and_given_works_stay_inside_their_labels(tmp_path):
    for label in ("jazz", "rock"):
        for song, folder in enumerate(("Hits", "CD1", ".")):
            path = tmp_path / label / folder / f"{song}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file_bytes(sung(song, 5 * song + (label == "rock"))))
    assert scan_corpus(tmp_path, workers=0).table["group"].nunique() == 6
    labels = tmp_path / "labels.csv"
    rows = [f"{label}/2.wav,{label},1" for label in ("jazz", "rock")]
    labels.write_text("\n".join(["path,label,work", *rows]), encoding="utf-8")
    given = scan_corpus(tmp_path, labels=labels, workers=0).table.set_index("path")
    assert given.loc["jazz/2.wav", "work"] == given.loc["rock/2.wav", "work"] == "1"
    assert given.loc["jazz/2.wav", "group"] != given.loc["rock/2.wav", "group"]


def test_equal_files_are_copies(tmp_path):
    for path in (tmp_path / "a" / "x.wav", tmp_path / "a" / "y.wav", tmp_path / "b" / "z.wav"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file_bytes(sung(0, len(path.parent.name) if path.stem == "z" else 0)))
    copies = scan_corpus(tmp_path, workers=0).table.set_index("path")["copies"]
    assert copies["a/x.wav"] == copies["a/y.wav"] != ""


def test_scores_stay_the_corpus_where_there_are_as_many(corpus, tmp_path):
    (tmp_path / "steps").mkdir()
    score = next((corpus / "steps").glob("*.mid"))
    (tmp_path / "steps" / "a.mid").write_bytes(score.read_bytes())
    (tmp_path / "steps" / "a.wav").write_bytes(file_bytes(sung(0, 0)))
    found = scan_corpus(tmp_path, workers=0)
    assert found.table["path"].tolist() == ["steps/a.mid"]
    assert any("1 recordings beside the scores" in note for note in found.notes)


def test_filters_of_notes_do_not_serve(styleprint, recordings):
    answer = styleprint("scan", recordings, "--min-notes", 5, "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "U113" in answer.err


def test_extract_makes_every_feature(table):
    found = read_table(table)
    assert found.recipe["kind"] == "recording"
    assert len(found) == 24
    assert len(found.names("feature")) == sum(len(e.feature.columns) for e in catalogue("recording").values())
    missing = found.frame[found.names("feature")].isna().any()
    assert set(missing[missing].index) == {"loudness_range"}  # of recordings under 3 s
    assert {"make_bandwidth_hz", "make_clipped"} <= set(found.names("make"))
    assert (found.frame["make_rate_hz"] == RATE_HZ).all()


def test_the_ledger_says_what_is_missing(table):
    ledger = pd.read_csv(table.with_name("table.ledger.csv"))
    assert sorted(ledger["path"]) == ["calm/vocal/bought.m4p", "rough/drums/silence.wav"]


def test_workers_do_not_change_a_byte(recordings, table):
    path = recordings.parent / "again.parquet"
    assert run(["extract", str(recordings), "-o", str(path), "--workers", "2", "--quiet"]) == 0
    assert path.read_bytes() == table.read_bytes()


def test_an_unseen_artist_is_identified(styleprint, bundle, tmp_path):
    path = tmp_path / "new.ogg"
    path.write_bytes(file_bytes(drummed(1.5, 9), form="OGG"))
    answer = styleprint("identify", bundle, path, "--json", "-", "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    (found,) = json.loads(answer.out)
    assert found["label"] == "rough"
    assert found["copy_of"] is None
    assert len(found["nearest"]) == 5


def test_a_recording_that_was_made_otherwise_is_answered_with_a_warning(styleprint, bundle, tmp_path):
    """Cut at 5 kHz, where all that was learnt from goes to 11: in text, JSON and CSV; not where it is made alike."""
    calm = sung(3, 9)
    spectrum = np.fft.rfft(calm)
    spectrum[int(len(spectrum) * 5_000 / (RATE_HZ / 2)) :] = 0
    for name, samples in (("cut", np.fft.irfft(spectrum, len(calm))), ("whole", calm)):
        (tmp_path / f"{name}.flac").write_bytes(file_bytes(samples, form="FLAC"))
    files = (tmp_path / "cut.flac", tmp_path / "whole.flac")
    asked = ("identify", bundle, *files, "--workers", 0, "--quiet")
    answer = styleprint(*asked, "--json", "-", "-o", tmp_path / "answers.csv")
    cut, whole = json.loads(answer.out)
    assert whole["warnings"] == []
    assert len(cut["warnings"]) == 1
    assert "its bandwidth is 5," in cut["warnings"][0]
    assert "theirs 11,0" in cut["warnings"][0]
    table = pd.read_csv(tmp_path / "answers.csv", keep_default_na=False)
    assert table["warnings"].tolist() == [cut["warnings"][0], ""]
    assert f"warning: {cut['warnings'][0]}" in styleprint(*asked).out


def test_a_folder_is_identified_without_what_is_no_recording(styleprint, bundle, recordings):
    answer = styleprint("identify", bundle, recordings / "calm", "--json", "-", "--workers", 0, "--quiet")
    found = json.loads(answer.out)
    assert len(found) == 13
    assert [one["status"] for one in found].count("ok") == 12
    assert {one["label"] for one in found if one["status"] == "ok"} == {"calm"}


def test_what_it_has_learnt_is_known(styleprint, bundle, recordings, tmp_path):
    """The same song in another coding is called a copy."""
    song = read_recording(recordings / "rough" / "drums" / "00.flac")
    path = tmp_path / "again.ogg"
    path.write_bytes(file_bytes(song.samples.T, form="OGG"))
    answer = styleprint("identify", bundle, path, "--json", "-", "--workers", 0, "--quiet")
    (found,) = json.loads(answer.out)
    assert found["copy_of"]["path"] == "rough/drums/00.flac"
    assert found["copy_of"]["kind"] == "copy"


def test_a_score_is_no_answer(styleprint, bundle, corpus):
    score = next((corpus / "steps").glob("*.mid"))
    answer = styleprint("identify", bundle, score, "--json", "-", "--workers", 0, "--quiet")
    assert json.loads(answer.out)[0]["status"] == "unreadable"


def test_evaluate_keeps_artists_whole(styleprint, table):
    answer = styleprint(
        *("evaluate", table, "--model", "discriminant", "--protocols", "work", "--json", "-"),
        *("--folds", 4, "--workers", 0, "--quiet"),
    )
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["groups"] == 8
    assert found["protocols"]["work"]["accuracy"]["value"] == 1
    assert "make_probe" in found["audit"]


def test_a_model_of_notes_says_that_it_hears_none(styleprint, recordings):
    answer = styleprint("train", recordings, "-o", "x.styleprint", "--model", "ngrams", "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "U114" in answer.err


@pytest.fixture(scope="module")
def table_bundle(table):
    """A bundle from a CSV with the column names of the GTZAN table."""
    found = read_table(table)
    aliases = {
        c: a
        for e in catalogue("recording").values()
        for c, a in zip(e.feature.columns, e.feature.aliases, strict=False)
    }
    frame = found.frame[list(aliases)].rename(columns=aliases)
    path = table.with_name("features.csv")
    frame.assign(filename=found.frame["path"], label=found.frame["label"]).to_csv(path, index=False)
    bundle = table.with_name("table.styleprint")
    asked = ["train", str(path), "-o", str(bundle), "--target", "label", "--model", "discriminant"]
    assert run([*asked, "--workers", "0", "--quiet"]) == 0
    return bundle


def test_a_model_of_the_table_hears(styleprint, table_bundle, tmp_path):
    """Columns by the names of the GTZAN table are computed from the recording."""
    path = tmp_path / "new.wav"
    path.write_bytes(file_bytes(sung(7, 9)))
    answer = styleprint("identify", table_bundle, path, "--json", "-", "--workers", 0, "--quiet")
    (found,) = json.loads(answer.out)
    assert found["label"] == "calm"


def test_a_model_of_another_table_says_what_is_missing(styleprint, table, tmp_path):
    frame = pd.DataFrame({"a": [0.0, 1, 2, 3] * 5, "b": [1.0, 2, 4, 8] * 5, "label": ["x", "x", "y", "y"] * 5})
    frame["a"] += np.arange(20) / 7
    frame.to_csv(tmp_path / "other.csv", index=False)
    bundle = tmp_path / "other.styleprint"
    asked = ["train", str(tmp_path / "other.csv"), "-o", str(bundle), "--target", "label", "--model", "discriminant"]
    assert run([*asked, "--workers", "0", "--quiet"]) == 0
    path = tmp_path / "new.wav"
    path.write_bytes(file_bytes(sung(1, 1)))
    answer = styleprint("identify", bundle, path, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "T136" in answer.err


def test_the_catalogue_is_listed(styleprint):
    answer = styleprint("features", "--kind", "recording", "--json", "-")
    found = json.loads(answer.out)
    assert {"tempo", "mfcc_mean", "integrated_loudness"} <= {one["name"] for one in found}


def test_variants_of_recordings_teach(styleprint, recordings, tmp_path):
    """By the same option as those of scores; the bundle counts recordings alone, and identifies."""
    bundle = tmp_path / "made.styleprint"
    common = ("--model", "logistic", "--workers", 0, "--quiet", "--json", "-")
    trained = styleprint("train", recordings, "-o", bundle, *common, "--augment", "louder,noisy@10,filtered")
    assert trained.code == 0, trained.err
    found = json.loads(trained.out)
    assert found["pieces"] == 24
    assert any("72 variants (louder,noisy@10,filtered) of 24 pieces" in note for note in found["notes"])
    path = tmp_path / "new.wav"
    path.write_bytes(file_bytes(sung(7, 9)))
    answer = styleprint("identify", bundle, path, "--json", "-", "--workers", 0, "--quiet")
    assert json.loads(answer.out)[0]["label"] == "calm"


def test_variants_of_recordings_are_equal_for_any_number_of_workers(recordings):
    """Of every kind, features and spectrograms to the last bit, in one order; classes are filled up to a target."""
    recipe = Recipe.of(("mfcc_mean",), ("mel_spectrogram",), kind="recording")
    options = AugmentOptions(("louder", "faster", "retimed", "transposed", "noisy@5", "filtered"), 6)
    here, there = (
        prepare_augmented(recordings, recipe, options, corpus=CorpusOptions(cap=2), run=RunOptions(workers=workers))
        for workers in (0, 2)
    )
    assert np.bincount(here.augmented.of).tolist() == [5] * 4
    assert here.augmented.of.tolist() == there.augmented.of.tolist()
    assert here.augmented.inputs.equals(there.augmented.inputs)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            "thinned",
            "'thinned' is no variant[\\s\\S]*Choose among louder, faster, retimed, transposed, noisy, filtered",
        ),
        ("noisy@loud", "'noisy@loud' is no variant: after @ stands its strength, from 0 to 80 decibels"),
        ("noisy@", "'noisy@' is no variant: after @"),
        ("noisy@nan", "'noisy@nan' is no variant: after @"),
        (
            "faster@3",
            "'faster@3' is no variant: after @ stands its strength, from 1.01 to 2 times as fast[\\s\\S]*it is 1.1",
        ),
        ("faster=0", "'faster=0' is no variant: after = stands how many"),
        ("noisy,noisy@20.0", "'noisy' is named twice"),
    ],
)
def test_variants_that_mean_nothing_are_refused_before_anything_is_read(styleprint, tmp_path, names, told):
    """With what there is instead; a folder without a sound is not looked at."""
    for name in ("calm", "rough"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "no sound.wav").write_bytes(b"RIFF")
    answer = styleprint("evaluate", tmp_path, "--model", "logistic", "--workers", 0, "--augment", names)
    assert answer.code == 2
    assert re.search(f"U168[\\s\\S]*{told}", answer.err)


WITHOUT_TORCH = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "onnx"):
            raise ModuleNotFoundError(f"{name} is blocked", name=name)
sys.meta_path.insert(0, Blocked())
from styleprint.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def network(recordings, tmp_path_factory):
    """A small network over spectrograms that learnt from the recordings, and from noisier ones."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    folder = tmp_path_factory.mktemp("network")
    parameters, bundle = folder / "small.toml", folder / "net.styleprint"
    parameters.write_text(
        'model = "mel_convolutions"\n\n[parameters]\nwidth = 16\nepochs = 6\nrate = 0.01\ninner_folds = 2\n'
    )
    asked = ["train", recordings, "-o", bundle, "--model", "mel_convolutions", "--parameters", parameters]
    assert run([*map(str, asked), "--augment", "noisy", "--workers", "0", "--quiet"]) == 0
    return bundle


def test_a_network_over_spectrograms_identifies_songs_without_torch(styleprint, network, tmp_path):
    """As typed: each answer with the moments that speak for it, the same in a process that has no torch."""
    (tmp_path / "song.wav").write_bytes(file_bytes(sung(7, 9)))
    (tmp_path / "drums.flac").write_bytes(file_bytes(drummed(2.5, 9), form="FLAC"))
    command = ["identify", network, tmp_path / "song.wav", tmp_path / "drums.flac", "--json", "-", "--workers", 0]
    here = json.loads(styleprint(*command, "--quiet").out)
    assert [one["label"] for one in here] == ["calm", "rough"]
    assert all(one["evidence"][0]["name"].startswith("mel_spectrogram ") for one in here)
    asked = [sys.executable, "-c", WITHOUT_TORCH, *map(str, command), "--quiet"]
    there = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert [one["probabilities"] for one in json.loads(there.stdout)] == [one["probabilities"] for one in here]
