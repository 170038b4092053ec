"""``styleprint identify`` as a user types it."""

import csv
import json
import shutil

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
