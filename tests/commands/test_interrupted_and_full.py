"""A disk that is full and Ctrl-C, as a user meets them: told as they are, with what to do."""

import errno
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from styleprint.cli import app as cli_app
from styleprint.cli import run
from styleprint.evaluation.folds import SharedData
from styleprint.evaluation.mapping import ProcessMap, open_data
from styleprint.support.errors import WriteError


def _full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_of_parts_is_named(styleprint, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(pq, "write_table", _full)
    answer = styleprint("extract", corpus, "-o", tmp_path / "t.parquet", "--workers", 0, "--quiet")
    assert answer.code == 3
    assert "WriteError [W101]" in answer.err
    assert "No space left on device" in answer.err
    assert not (tmp_path / "t.parquet").exists()


@pytest.mark.parametrize("command", ["extract", "train"])
def test_a_disk_that_is_full_of_cache_is_named_and_no_file_is_blamed(
    styleprint, corpus, tmp_path, monkeypatch, command
):
    monkeypatch.setattr(Path, "write_bytes", _full)
    options = ("-o", tmp_path / "out", "--cache", tmp_path / "cache", "--workers", 0, "--quiet")
    answer = styleprint(command, corpus, *options)
    assert answer.code == 3
    assert "WriteError [W101]" in answer.err
    assert str(tmp_path / "cache") in answer.err
    assert "C104" not in answer.err


def test_a_full_temporary_folder_names_a_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("pickle.dump", _full)
    with (
        pytest.raises(WriteError, match="No space left") as caught,
        open_data(SharedData(None, None, ()), ProcessMap(2)),
    ):
        pytest.fail("no handle without room")
    assert caught.value.code == "W102"
    assert "TMPDIR" in caught.value.remedy


RESUMED = "with --resume"
CACHED = "in the cache is kept"
NOTHING = "Nothing is kept; with --cache"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract", "corpus", "-o", "t.parquet"], RESUMED),
        (["identify", "x.styleprint", "folder", "--output=r.csv"], RESUMED),
        (["identify", "x.styleprint", "folder"], NOTHING),
        (["train", "corpus", "-o", "x.styleprint"], NOTHING),
        (["evaluate", "corpus", "--cache", "kept"], CACHED),
        (["scan", "corpus", "--cache=kept"], CACHED),
        (["convert", "a.krn", "b.mid"], "Interrupted."),
    ],
)
def test_an_interrupted_run_says_only_what_is_kept(arguments, words, capsys, monkeypatch):
    commands = cli_app.app

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(commands), "__call__", interrupted)
    assert run(arguments) == 130
    told = capsys.readouterr().err
    assert words in told
    assert [other for other in (RESUMED, CACHED, NOTHING) if other in told] == [words][: words != "Interrupted."]
