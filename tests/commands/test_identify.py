"""``styleprint identify`` as a user types it."""

import csv
import dataclasses
import json
import shutil
import subprocess
import sys

import pytest

import styleprint.workflows.identify as identifying
from styleprint.bundle.identification import Identification
from styleprint.support.workers import Outcome
from styleprint.workflows.demo import _verdict as demo_verdict

KEYS = {
    "path",
    "status",
    "copy_of",
    "label",
    "probability",
    "probabilities",
    "candidates",
    "typicality",
    "verdict",
    "evidence",
    "nearest",
    "seconds",
}


def test_a_piece_not_seen_before_is_named(styleprint, bundle, unseen):
    """The likeliest label, its probability, and every key of the contract."""
    answer = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    (found,) = json.loads(answer.out)
    assert set(found) >= KEYS
    assert found["label"] == "steps"
    assert found["copy_of"] is None
    assert abs(sum(found["probabilities"].values()) - 1) < 1e-6
    assert found["probability"] == max(found["probabilities"].values())
    assert set(found["typicality"]) == {"steps", "leaps"}


def test_a_piece_that_it_knows_is_called_a_copy(styleprint, bundle, corpus):
    """A training file comes back as the copy that it is."""
    answer = styleprint(
        "identify", bundle, corpus / "steps" / "steps Op. 4.mid", "--json", "-", "--workers", 0, "--quiet"
    )
    (found,) = json.loads(answer.out)
    assert found["copy_of"]["path"] == "steps/steps Op. 4.mid"


def test_a_folder_gives_a_row_a_file_and_resumes(styleprint, bundle, corpus, tmp_path):
    """A second run with --resume adds nothing; a damaged file is one row with its reason."""
    folder = tmp_path / "asked"
    folder.mkdir()
    for number in range(3):
        shutil.copy(corpus / "leaps" / f"leaps Op. {number + 1}.mid", folder)
    (folder / "=damaged.mid").write_bytes(b"MThd no more")
    results = tmp_path / "results.csv"
    answer = styleprint("identify", bundle, folder, "-o", results, "--workers", 1, "--quiet")
    assert answer.code == 0, answer.err
    rows = list(csv.DictReader(results.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 4
    assert sorted(row["status"] for row in rows) == ["ok", "ok", "ok", "unreadable"]
    assert not any(row["path"].startswith("=") for row in rows)
    before = results.read_bytes()
    assert styleprint("identify", bundle, folder, "-o", results, "--resume", "--workers", 1, "--quiet").code == 0
    assert results.read_bytes() == before


def test_resume_refuses_another_bundle(styleprint, bundle, corpus, unseen, tmp_path):
    """A bundle of the same classes that answers otherwise, and one of other classes: both are told apart."""
    other = tmp_path / "other.styleprint"
    assert styleprint("train", corpus, "-o", other, "--model", "dummy", "--workers", 0, "--quiet").code == 0
    results = tmp_path / "results.csv"
    assert styleprint("identify", bundle, unseen, "-o", results, "--workers", 0, "--quiet").code == 0
    before = results.read_bytes()
    answer = styleprint("identify", other, unseen, "-o", results, "--resume", "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "UsageError [U195]" in answer.err
    assert "answers of bundle" in answer.err
    assert results.read_bytes() == before


def test_resume_refuses_another_prior(styleprint, bundle, unseen, tmp_path):
    """Probabilities under two priors do not stand in one column."""
    results = tmp_path / "results.csv"
    assert styleprint("identify", bundle, unseen, "-o", results, "--workers", 0, "--quiet").code == 0
    asked = ("identify", bundle, unseen, "-o", results, "--resume", "--prior", "equal", "--workers", 0, "--quiet")
    assert "answers of prior corpus, and this is prior equal" in styleprint(*asked).err


@pytest.mark.parametrize("text", ["my notes\nline two\nno line feed", "path,status\nx,ok\n", "path"])
def test_resume_leaves_foreign_files_alone(styleprint, bundle, unseen, tmp_path, text):
    """Not even their last line is cut."""
    foreign = tmp_path / "notes.txt"
    foreign.write_text(text)
    answer = styleprint("identify", bundle, unseen, "-o", foreign, "--resume", "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "UsageError [U195]" in answer.err
    assert foreign.read_text() == text


def test_resume_goes_on_after_a_cut_line(styleprint, bundle, corpus, tmp_path):
    """What a crash cut off is answered again; the file ends as if there had been no crash."""
    files = [corpus / "leaps" / f"leaps Op. {number}.mid" for number in (1, 2)]
    results = tmp_path / "results.csv"
    assert styleprint("identify", bundle, *files, "-o", results, "--workers", 0, "--quiet").code == 0
    whole = results.read_bytes()
    results.write_bytes(whole[:-20])
    answer = styleprint("identify", bundle, *files, "-o", results, "--resume", "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    assert results.read_bytes() == whole
    assert results.read_bytes().count(b"\n") == 3


def test_an_excerpt_is_called_one(styleprint, bundle, corpus, tmp_path, monkeypatch):
    """The CSV and the text say which kind of sameness was found."""
    from styleprint.corpus.copies import KnownPieces

    found, query = [], KnownPieces.query

    def as_excerpts(known, asked):
        found.extend(dataclasses.replace(match, kind="excerpt") for match in query(known, asked))
        return found

    monkeypatch.setattr(KnownPieces, "query", as_excerpts)
    results, piece = tmp_path / "results.csv", corpus / "steps" / "steps Op. 4.mid"
    answer = styleprint("identify", bundle, piece, "-o", results, "--workers", 0, "--quiet")
    (row,) = csv.DictReader(results.read_text(encoding="utf-8").splitlines())
    assert (row["copy_of"], row["copy_kind"]) == ("steps/steps Op. 4.mid", "excerpt")
    assert "shares a passage with steps/steps Op. 4.mid" in answer.out
    assert demo_verdict({"copy_of": {"path": "x", "kind": "excerpt"}}) == "shares a passage with x"
    assert demo_verdict({"copy_of": {"path": "x", "kind": "copy"}}) == "a copy of x"


def test_one_file_of_notation_is_read_in_a_supervised_worker(bundle, unseen, tmp_path, monkeypatch):
    """Its reader is not bounded; that of MIDI is, and is asked in this process. A file's name plays no part."""
    asked = []

    def see(function, items, *, workers, **_):
        asked.append(workers)
        return iter([Outcome(value=Identification(str(items[0])))])

    monkeypatch.setattr(identifying, "map_supervised", see)
    notation = tmp_path / "notation.mid"
    notation.write_text("**kern\n4c\n*-\n")
    for path in (unseen, notation):
        identifying.identify(bundle, [path])
    assert asked == [0, 1]


def test_an_answer_waits_for_no_library_that_it_does_not_use(bundle, unseen):
    """A bundle of n-grams loads neither scikit-learn nor what learning alone needs; each takes up to a second."""
    code = (
        "import sys; from styleprint.cli import run; code = run(sys.argv[1:]); "
        "slow = {'sklearn', 'lightgbm', 'scipy.optimize', 'scipy.stats', 'matplotlib', 'music21', 'pebble'}; "
        "print(sorted(slow & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "identify", str(bundle), str(unseen), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"


def test_nothing_readable_is_an_error(styleprint, bundle, tmp_path):
    """One damaged file alone: its reason is told, and the exit code is 3."""
    path = tmp_path / "damaged.mid"
    path.write_bytes(b"not music")
    answer = styleprint("identify", bundle, path, "--json", "-", "--workers", 0, "--quiet")
    assert answer.code == 3
    (found,) = json.loads(answer.out)
    assert found["status"] == "unreadable"
    assert found["reason"]


def test_a_stated_prior_changes_the_probabilities(styleprint, bundle, unseen, tmp_path):
    """A prior from a file weighs the calibrated probabilities."""
    prior = tmp_path / "prior.csv"
    prior.write_text("label,probability\nsteps,0.001\nleaps,0.999\n")
    plain = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet", "--prior", "equal")
    weighed = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet", "--prior", prior)
    before, after = (json.loads(a.out)[0]["probabilities"]["steps"] for a in (plain, weighed))
    assert after < before


def test_a_changed_byte_is_refused(styleprint, bundle, unseen, tmp_path):
    """A damaged bundle is refused with a code, and nothing is answered."""
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / "damaged.styleprint"
    damaged.write_bytes(data)
    answer = styleprint("identify", damaged, unseen, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "BundleError [B" in answer.err


def test_the_card_says_what_it_was_trained_on(styleprint, bundle):
    """Classes with counts, and what it must not be used for."""
    answer = styleprint("card", bundle)
    assert answer.code == 0
    assert "steps" in answer.out
    assert "20" in answer.out


def test_what_identify_keeps_has_a_size_limit(styleprint, bundle, unseen, tmp_path, monkeypatch):
    """--cache is held to its limit by every command that fills it, this one too."""
    monkeypatch.setattr("styleprint.support.kept_arrays.MAX_BYTES", 1000)
    full = tmp_path / "cache" / "rows" / "ab"
    full.mkdir(parents=True)
    from styleprint.support.kept_arrays import ENDING

    for number in range(3):
        (full / f"{number}{ENDING}").write_bytes(bytes(1000))
    options = ("--cache", tmp_path / "cache", "--workers", 0, "--quiet")
    assert styleprint("identify", bundle, unseen, *options).code == 0
    assert sum(path.stat().st_size for path in (tmp_path / "cache").rglob("*") if path.is_file()) <= 1000
