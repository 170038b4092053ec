"""Bad tables are refused with a code, what must hold and what to do, or handled as the guide says."""

import numpy as np
import pandas as pd
import pytest

import styleprint.extraction.table_file
from model_cases import small_model
from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.support.errors import EvaluationError, ModelError, StyleprintError, TableError
from table_cases import songs, write


def refused(path, match, error=TableError, **options):
    with pytest.raises(error, match=match) as caught:
        read_foreign(path, TableOptions(**{"target": "genre", **options}))
    assert caught.value.code
    return str(caught.value)


def text_file(folder, text, encoding="utf-8"):
    path = folder / "bad.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_text_among_numbers(tmp_path):
    """The column, the row and the cell are named."""
    frame = songs().astype({"mfcc3": object})
    frame.loc[4, "mfcc3"] = "loud"
    message = refused(write(frame, tmp_path), "T125")
    assert "'mfcc3'" in message
    assert "'loud' in row 5" in message
    assert "--leave-out" in message
    assert len(read_foreign(write(frame, tmp_path), TableOptions("genre", leave_out=("mfcc3",)))) == 90


def test_two_columns_of_one_name(tmp_path):
    """A library would rename the second silently."""
    refused(text_file(tmp_path, "genre,a,b,a\nx,1,2,3\n"), "T122")


def test_no_rows(tmp_path):
    """A header alone, and nothing at all."""
    refused(text_file(tmp_path, "genre,a,b\n"), "T123")
    refused(text_file(tmp_path, ""), "T123")


def test_no_target(tmp_path):
    """Neither named nor there: the columns there are, are listed."""
    path = write(songs(), tmp_path)
    assert "mfcc0" in refused(path, "T134", target="")
    assert "'style'" in refused(path, "T130", target="style")


def test_no_label_is_left(tmp_path):
    """Only missing ones, or none of those asked for."""
    refused(write(songs().assign(genre=np.nan), tmp_path), "T131")
    refused(write(songs(), tmp_path), "T131", only=("polka",))


def test_no_numbers(tmp_path):
    """Text alone cannot be learnt from."""
    refused(write(songs()[["genre", "file", "artist"]], tmp_path), "T132")


def test_not_utf8_not_csv_not_there(tmp_path):
    """Each says which."""
    refused(text_file(tmp_path, "genre,ä\nx,1\n", "latin-1"), "T121")
    refused(text_file(tmp_path, "genre,a\nx,1\ny,2,3,4\n"), "T120")
    refused(tmp_path / "nowhere.csv", "T120")
    (tmp_path / "fake.parquet").write_bytes(b"PAR1 not really")
    refused(tmp_path / "fake.parquet", "T120")


def test_wrong_groups_and_splits(tmp_path):
    """No such column, a pattern that is none, a CSV that does not fit or contradicts itself, an unknown side."""
    path = write(songs(), tmp_path)
    refused(path, "T127", groups="nobody")
    refused(path, "T128", groups="artist~(")
    beside = tmp_path / "beside.csv"
    beside.write_text("clip,group\nx,1\ny,2\n")
    refused(path, "T129", groups=str(beside))
    beside.write_text("file,group\nsong 000.mp3,1\nsong 000.mp3,2\n")
    refused(path, "T129.*[\\s\\S]*two things of 'song 000.mp3'", groups=str(beside))
    refused(path, "T135", split="artist")


def test_larger_than_memory(tmp_path, monkeypatch):
    """Refused before it is read, unless a cap is given: then it is read in blocks."""
    monkeypatch.setattr(styleprint.extraction.table_file, "available_bytes", lambda: 10_000)
    monkeypatch.setattr(styleprint.extraction.table_file, "_BLOCK_ROWS", 16)
    for name in ("songs.csv", "songs.parquet"):
        path = write(songs(), tmp_path, name)
        if name == "songs.csv":
            assert "--cap" in refused(path, "T124")
        assert len(read_foreign(path, TableOptions("genre", cap=5))) == 15


def evaluated(frame, folder, **options):
    table = read_foreign(write(frame, folder), TableOptions(**{"target": "genre", **options}))
    settings = Settings(protocols=("work",), folds=3)
    return evaluate_table(table, lambda: small_model("discriminant"), model="discriminant", settings=settings)


def test_one_class(tmp_path):
    """Nothing can be told apart."""
    with pytest.raises(EvaluationError, match="at least two labels with pieces, but there is only 'jazz'"):
        evaluated(songs(labels=("jazz",)), tmp_path)


def test_a_class_with_one_group(tmp_path):
    """It could never be both learnt and tested: the label is named, and what to do."""
    frame = songs()
    frame.loc[frame["genre"] == "pop", "artist"] = "the only one"
    with pytest.raises(EvaluationError, match=r"'pop' has 1[\s\S]*--only"):
        evaluated(frame, tmp_path, groups="artist")


def test_missing_values_everywhere(tmp_path):
    """A tenth of all cells empty: handled, inside the fold."""
    frame = songs()
    holes = np.random.default_rng(0).random((90, 8)) < 0.1
    frame.iloc[:, 3:] = frame.iloc[:, 3:].mask(holes)
    assert evaluated(frame, tmp_path).protocols["work"]["accuracy"]["value"] > 0.5


@pytest.mark.parametrize("name", ["standard", "discriminant"])
def test_a_thousand_classes(tmp_path, name):
    """Three rows each: learnt and answered in seconds; machines that work pair by pair are left out."""
    random = np.random.default_rng(0)
    y = np.repeat(np.arange(1000), 3)
    centres = random.normal(size=(1000, 6))
    frame = pd.DataFrame(centres[y] + 0.1 * random.normal(size=(3000, 6)), columns=list("abcdef"))
    table = read_foreign(write(frame.assign(genre=[f"genre {k}" for k in y]), tmp_path), TableOptions("genre"))
    model = small_model(name).fit(table.inputs(), table.frame["label"])
    assert (model.predict(table.inputs()[:300]) == table.frame["label"][:300]).mean() > 0.5
    with pytest.raises(ModelError, match="M121"):
        small_model("rbf_svm").fit(table.inputs(), table.frame["label"])


def test_every_refusal_is_ours(tmp_path):
    """Damaged bytes of a good table end in one of our errors, or are read."""
    data = bytearray(write(songs(30), tmp_path).read_bytes())
    random = np.random.default_rng(0)
    for _ in range(60):
        broken = bytearray(data)
        for place in random.integers(0, len(data), 4):
            broken[place] = random.integers(0, 256)
        path = tmp_path / "broken.csv"
        path.write_bytes(broken[: random.integers(1, len(data))])
        try:
            read_foreign(path, TableOptions("genre"))
        except StyleprintError:
            continue
