"""Input that cannot serve: a message that says what to do, and the exit code of the contract."""

import shutil

import pytest


def test_an_empty_folder(styleprint, tmp_path):
    """Nothing to learn from."""
    answer = styleprint("train", tmp_path, "-o", tmp_path / "x.styleprint", "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "[C" in answer.err


def test_no_such_folder(styleprint, tmp_path):
    """A path that does not exist is named."""
    answer = styleprint("scan", tmp_path / "nowhere", "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "nowhere" in answer.err


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_one_label(styleprint, corpus, tmp_path, command):
    """Two labels are the least that can be told apart."""
    shutil.copytree(corpus / "steps", tmp_path / "corpus" / "steps")
    output = ("-o", tmp_path / "x.styleprint") if command == "train" else ()
    answer = styleprint(command, tmp_path / "corpus", *output, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "two labels" in answer.err
    assert "there is only 'steps'" in answer.err


def test_a_label_with_one_work(styleprint, corpus, tmp_path):
    """A label that cannot be both learnt and tested is told by name."""
    shutil.copytree(corpus / "steps", tmp_path / "corpus" / "steps")
    (tmp_path / "corpus" / "leaps").mkdir()
    shutil.copy(corpus / "leaps" / "leaps Op. 1.mid", tmp_path / "corpus" / "leaps")
    answer = styleprint("evaluate", tmp_path / "corpus", "--folds", 3, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "'leaps' has 1" in answer.err


def test_figures_of_other_classes_do_not_enter_a_bundle(styleprint, corpus, tmp_path):
    """A card must not quote an evaluation of another corpus."""
    figures = tmp_path / "evaluation.json"
    figures.write_text('{"classes": ["Bach", "Liszt"], "protocols": {}, "audit": {}}')
    options = ("--evaluation", figures, "--workers", 0, "--quiet")
    answer = styleprint("train", corpus, "-o", tmp_path / "x.styleprint", *options)
    assert answer.code == 2
    assert "U193" in answer.err
    assert not (tmp_path / "x.styleprint").exists()


def test_an_unknown_protocol_is_told_before_reading(styleprint, tmp_path):
    """A name that is wrong costs no reading of a corpus: here there is none."""
    answer = styleprint("evaluate", tmp_path / "nowhere", "--protocols", "chance", "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "'chance'" in answer.err


def test_labels_that_lack_a_column(styleprint, corpus, tmp_path):
    """The message names the column."""
    labels = tmp_path / "labels.csv"
    labels.write_text("path,composer\nsteps/steps Op. 1.mid,X\n")
    answer = styleprint("scan", corpus, "--labels", labels, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "'label'" in answer.err


def test_labels_that_name_missing_files(styleprint, corpus, tmp_path):
    """The message names the files."""
    labels = tmp_path / "labels.csv"
    labels.write_text("path,label\nsteps/none.mid,X\n")
    answer = styleprint("scan", corpus, "--labels", labels, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "none.mid" in answer.err


def test_an_unknown_model_is_usage(styleprint, corpus, tmp_path):
    """Exit code 2, and the models that there are."""
    output = ("-o", tmp_path / "x.styleprint", "--workers", 0, "--quiet")
    answer = styleprint("train", corpus, "--model", "oracle", *output)
    assert answer.code == 2
    assert "standard" in answer.err


def test_a_table_is_no_bundle(styleprint, corpus, tmp_path, unseen):
    """What is given as a bundle must be one."""
    answer = styleprint("identify", unseen, unseen, "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "BundleError" in answer.err


def test_convert_writes_midi_alone(styleprint, unseen, tmp_path):
    """Another ending is usage; MIDI is written."""
    assert styleprint("convert", unseen, tmp_path / "x.pdf").code == 2
    answer = styleprint("convert", unseen, tmp_path / "x.mid")
    assert answer.code == 0
    assert (tmp_path / "x.mid").read_bytes().startswith(b"MThd")


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_what_is_wrong_with_a_request_is_told_before_reading(styleprint, tmp_path, command):
    """An unknown aim, an unknown model, a place where no file can be: whatever the folder holds."""
    (tmp_path / "a file").write_text("")
    place = "-o" if command == "train" else "--report"
    asked = (command, tmp_path / "no such folder", "--quiet", place)
    aim = styleprint(*asked, tmp_path / "x", "--optimise", "beauty")
    model = styleprint(*asked, tmp_path / "x", "--model", "language-parrot")
    output = styleprint(*asked, tmp_path / "a file" / "x")
    folder = styleprint(*asked, tmp_path)
    assert [answer.code for answer in (aim, model, output, folder)] == [2, 2, 3, 3]
    assert "U161" in aim.err
    assert "language-lstm" in model.err
    assert "W101" in output.err
    assert "W101" in folder.err
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


def test_a_folder_without_music_is_not_identified(styleprint, bundle, tmp_path):
    """Nothing is not an answer, unless a run goes on that has answered all."""
    (tmp_path / "notes.txt").write_text("no music")
    answer = styleprint("identify", bundle, tmp_path, "--quiet")
    assert answer.code == 3
    assert "C103" in answer.err
    assert str(tmp_path) in answer.err


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "BUNDLE", "FILE", "-o", "why.pdf"),
        ("evaluate", "CORPUS", "--report", "why.pdf"),
        ("compare", "CORPUS", "--report", "why.pdf"),
        ("tune", "CORPUS", "--model", "discriminant", "--report", "why.pdf"),
        ("explore", "CORPUS", "-o", "why.pdf"),
        ("neighbours", "BUNDLE", "-o", "why.pdf"),
    ],
    ids=lambda command: command[0],
)
def test_a_page_is_named_as_one(styleprint, bundle, corpus, unseen, tmp_path, monkeypatch, command):
    """No HTML comes into a file that says it is a PDF."""
    monkeypatch.chdir(tmp_path)
    places = {"BUNDLE": bundle, "FILE": unseen, "CORPUS": corpus}
    answer = styleprint(*(places.get(word, word) for word in command))
    assert answer.code == 2
    assert "U110" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_prior_that_is_no_file(styleprint, bundle, unseen):
    answer = styleprint("identify", bundle, unseen, "--prior", "flat", "--quiet")
    assert answer.code == 2
    assert "'corpus', 'equal' or a CSV" in answer.err


def test_half_a_bundle(styleprint, bundle, unseen, tmp_path):
    """As a copy that broke off leaves it."""
    half = tmp_path / "half.styleprint"
    half.write_bytes(bundle.read_bytes()[:5000])
    answer = styleprint("identify", half, unseen, "--quiet")
    assert answer.code == 3
    assert "copy it again" in answer.err


def test_a_demo_that_cannot_be_served_says_so_first(styleprint, tmp_path, monkeypatch):
    """Not after minutes of work."""
    monkeypatch.setattr("styleprint.cli.serve._NEEDED", ("no_such_module",))
    answer = styleprint("demo", "--serve", "-o", tmp_path / "demo")
    assert answer.code == 2
    assert "U174" in answer.err
    assert not (tmp_path / "demo").exists()
