"""Laws of extraction: the same table however it came about, killed and resumed, here or on a cluster."""

import dataclasses
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from styleprint.corpus.pieces import PieceReader
from styleprint.extraction import batches
from styleprint.extraction.batches import Batches, Digester
from styleprint.extraction.parts import Parts, pack
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import read_table
from styleprint.support.errors import CorpusError, TableError, UsageError
from styleprint.support.progress import Pace
from styleprint.support.workers import map_supervised
from styleprint.workflows.extract import extract
from styleprint.workflows.options import CorpusOptions, RunOptions

ROOT = Path(__file__).resolve().parents[2]
HERE = RunOptions(workers=0)
RECIPE = Recipe.of(("frame_size", "pitch_range"), ("notes",), with_make=True)


def load_small_corpus():
    spec = importlib.util.spec_from_file_location("make_small_corpus", ROOT / ".ci" / "make_small_corpus.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Forty pieces, one that is no music and one without notes."""
    folder = tmp_path_factory.mktemp("extraction") / "two composers"
    load_small_corpus().main(folder)
    (folder / "leaps" / "broken.mid").write_bytes(b"MThd, but no more")
    (folder / "steps" / "silent.mid").write_bytes(load_small_corpus().midi([]))
    return folder


@pytest.fixture(scope="module")
def whole(corpus, tmp_path_factory):
    """The table of a run that nothing disturbed, made in one part."""
    path = tmp_path_factory.mktemp("whole") / "whole.parquet"
    extract(corpus, path, run=HERE)
    return path.read_bytes()


def locations_of(folder):
    return [str(path) for path in sorted(folder.rglob("*.mid"))]


KILLED = """
import os, signal, sys
from pathlib import Path
from styleprint.extraction import batches
from styleprint.workflows.extract import extract
from styleprint.workflows.options import RunOptions

batches.FILES_A_PART = 5

def progress(stage, done, total):
    if stage == "reading" and done == 13:
        os.kill(os.getpid(), signal.SIGKILL)

extract(Path(sys.argv[1]), Path(sys.argv[2]), run=RunOptions(workers=0, progress=progress))
"""


def test_a_killed_run_loses_at_most_the_part_in_hand(corpus, whole, tmp_path, monkeypatch):
    """Killed at its 13th file, it has the 10 of two parts; resumed, it reads the others and gives the same bytes."""
    table = tmp_path / "table.parquet"
    run = subprocess.run([sys.executable, "-c", KILLED, str(corpus), str(table)], capture_output=True)
    assert run.returncode == -signal.SIGKILL
    assert not table.exists()
    read = []
    monkeypatch.setattr(Digester, "__call__", count_calls(Digester.__call__, read))
    extract(corpus, table, resume=True, run=HERE)
    assert len(read) == 40 - 10 + 1  # one of the first ten is the broken file, which is tried again without a row
    assert table.read_bytes() == whole
    assert not list(tmp_path.glob(".*"))


def count_calls(function, calls):
    def counted(self, score):
        calls.append(score.source.path)
        return function(self, score)

    return counted


def test_how_parts_are_cut_does_not_show(corpus, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "FILES_A_PART", 7)
    extract(corpus, tmp_path / "table.parquet", run=HERE)
    assert (tmp_path / "table.parquet").read_bytes() == whole


def test_parts_end_before_they_grow(corpus, tmp_path, monkeypatch):
    """However many files a part may hold, its bytes are bounded."""
    monkeypatch.setattr(batches, "BYTES_A_PART", 1)
    parts = Parts(tmp_path / "state", "key")
    files = locations_of(corpus)
    list(Batches(RECIPE, parts, workers=0)(files, PieceReader(per_score=Digester(RECIPE))))
    assert len(list((tmp_path / "state").glob("*.rows.parquet"))) == 40  # two of the 42 have no bytes of their own


def test_parts_of_another_key_are_not_used(corpus, tmp_path):
    """A feature of another version makes another key: nothing is taken from its parts."""
    files, reader = locations_of(corpus)[:3], PieceReader(per_score=Digester(RECIPE))
    list(Batches(RECIPE, Parts(tmp_path, "one"), workers=0)(files, reader))
    assert len(Parts(tmp_path, "one").recall()) == 2
    assert not Parts(tmp_path, "another").recall()


def test_damaged_parts_are_read_again(corpus, tmp_path):
    files, reader = locations_of(corpus)[:3], PieceReader(per_score=Digester(RECIPE))
    list(Batches(RECIPE, Parts(tmp_path, "key"), workers=0)(files, reader))
    for path in tmp_path.glob("*.rows.parquet"):
        path.write_bytes(path.read_bytes()[:100])
    assert not Parts(tmp_path, "key").recall()


def test_a_file_that_changed_is_read_again(corpus, tmp_path):
    """Files are known by content: a new name costs nothing, a new content is a new piece."""
    copy = tmp_path / "corpus"
    for path in sorted((corpus / "steps").glob("*.mid"))[:4]:
        (copy / "steps").mkdir(parents=True, exist_ok=True)
        (copy / "steps" / path.name).write_bytes(path.read_bytes())
    reader, state = PieceReader(per_score=Digester(RECIPE)), tmp_path / "state"
    list(Batches(RECIPE, Parts(state, "key"), workers=0)(locations_of(copy), reader))
    first, second = sorted((copy / "steps").glob("*.mid"))[:2]
    first.write_bytes(load_small_corpus().midi([60, 72, 60, 72]))
    second.rename(second.with_name("renamed.mid"))
    read = []
    again = Batches(RECIPE, Parts(state, "key"), resume=True, workers=0, progress=lambda *told: read.append(told))
    outcomes = list(again(locations_of(copy), reader))
    assert [told for told in read if told[0] == "reading"] == [("reading", 4, 4)]
    assert [outcome.unwrap().notes for outcome in outcomes].count(4) == 1


def test_pieces_come_back_as_they_were(corpus, tmp_path):
    """What a scan knows of a piece survives its part."""
    files = locations_of(corpus)[:8]
    outcomes = list(map_supervised(PieceReader(per_score=Digester(RECIPE)), files, workers=0))
    parts = Parts(tmp_path, "key")
    parts.write(pack(outcomes, RECIPE))
    known = Parts(tmp_path, "key").recall()
    for outcome in outcomes:
        if outcome.error is not None:
            continue
        before = outcome.unwrap()
        after = known[before.sha256]
        for field in dataclasses.fields(before):
            if field.name not in ("fingerprint", "value"):
                assert getattr(before, field.name) == getattr(after, field.name), field.name
        assert np.array_equal(before.fingerprint.frames, after.fingerprint.frames)
        assert np.array_equal(before.fingerprint.shingles, after.fingerprint.shingles)
        assert after.fingerprint.frames.dtype == before.fingerprint.frames.dtype


def test_the_ledger_names_what_is_not_in_the_table(corpus, tmp_path):
    """Each file is a row, or a line of the ledger with its reason; a run without such files leaves no ledger."""
    result = extract(corpus, tmp_path / "table.parquet", run=HERE)
    lines = (tmp_path / "table.ledger.csv").read_text().splitlines()
    assert lines[0] == "path,status,reason"
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["leaps/broken.mid", "unreadable"],
        ["steps/silent.mid", "empty"],
    ]
    assert "[R1" in lines[1]
    assert result.failed == 1
    paths = read_table(tmp_path / "table.parquet").frame["path"]
    assert len(paths) == 40
    assert not set(paths) & {"leaps/broken.mid", "steps/silent.mid"}
    fine = tmp_path / "fine"
    (fine / "steps").mkdir(parents=True)
    (fine / "steps" / "a.mid").write_bytes(load_small_corpus().midi([60, 62, 64]))
    extract(fine, tmp_path / "table.parquet", run=HERE)
    assert not (tmp_path / "table.ledger.csv").exists()


def test_nothing_to_extract_is_refused(tmp_path):
    (tmp_path / "corpus" / "a").mkdir(parents=True)
    (tmp_path / "corpus" / "a" / "silent.mid").write_bytes(load_small_corpus().midi([]))
    with pytest.raises(CorpusError, match="C104"):
        extract(tmp_path / "corpus", tmp_path / "table.parquet", run=HERE)


def test_filters_apply_to_parts(corpus, tmp_path):
    """What a filter leaves out after reading is not in the table."""
    options = CorpusOptions(cap=3)
    extract(corpus, tmp_path / "table.parquet", corpus=options, run=HERE)
    assert read_table(tmp_path / "table.parquet").frame["label"].value_counts().to_dict() == {"leaps": 3, "steps": 3}


@pytest.mark.parametrize(
    ("begun", "now", "text"),
    [
        (Pace(0, 0.0), (50, 100, 5.0), "10 a second, 5 s left"),
        (Pace(900, 0.0), (910, 1000, 10.0), "1 a second, 1 min 30 s left"),
        (Pace(0, 0.0), (1, 10_000, 2.0), "0.5 a second, 5 h 33 min left"),
        (Pace(0, 0.0), (100, 100, 5.0), "20 a second"),
        (Pace(7, 0.0), (7, 100, 5.0), ""),
    ],
)
def test_pace(begun, now, text):
    """What an earlier run had done counts neither for the rate nor for the time that is left."""
    assert begun.describe(*now) == text


def test_a_worker_of_another_version_is_refused():
    from styleprint.extraction.cluster import _work

    with pytest.raises(UsageError, match=r"U192[^\n]*\na worker must have styleprint 99.0"):
        _work([], PieceReader(), RECIPE.to_json(), "99.0")


def test_a_worker_with_another_version_of_a_feature_is_refused():
    from styleprint.extraction.cluster import _work
    from styleprint.version import __version__

    other = dataclasses.replace(RECIPE, features={"frame_size": 99})
    with pytest.raises(TableError, match="frame_size"):
        _work([], PieceReader(), other.to_json(), __version__)


def test_no_scheduler_is_said(corpus, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    monkeypatch.setattr("styleprint.extraction.cluster._WAIT_SECONDS", 1)
    with pytest.raises(UsageError, match="U191"):
        extract(corpus, tmp_path / "table.parquet", cluster="tcp://127.0.0.1:9", run=HERE)


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as running:
        yield running


@pytest.mark.filterwarnings("default")  # Dask tells of the killed worker by warnings of its own
def test_a_cluster_that_loses_a_worker_gives_the_same_table(corpus, whole, cluster, tmp_path):
    """Two workers, one of them killed when the first task is done."""
    victims = [worker.pid for worker in cluster.workers.values()]
    killed = []

    def progress(stage, done, total):
        if stage == "reading" and not killed:
            killed.append(victims[0])
            os.kill(victims[0], signal.SIGKILL)

    run = dataclasses.replace(HERE, progress=progress)
    extract(corpus, tmp_path / "table.parquet", cluster=cluster.scheduler_address, files_a_task=5, run=run)
    assert killed
    assert (tmp_path / "table.parquet").read_bytes() == whole
