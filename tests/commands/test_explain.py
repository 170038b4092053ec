"""``styleprint explain`` as a user types it, and the same record through every door."""

import json
from pathlib import Path

import numpy as np
import pytest

from styleprint import explain, load_bundle, read_score
from styleprint.bundle.ranges import ClassRanges
from styleprint.cli import run
from styleprint.extraction.inputs import inputs_of
from styleprint.reports.identification_words import tell_number
from styleprint.workflows.explain import explain_record


def without_time(record):
    return {key: value for key, value in record.items() if key not in ("seconds", "path")}


@pytest.fixture(scope="module")
def of_features(corpus, tmp_path_factory) -> Path:
    """A bundle whose evidence is features."""
    path = tmp_path_factory.mktemp("features") / "features.styleprint"
    assert run(["train", str(corpus), "-o", str(path), "--model", "kernel_ridge", "--workers", "0", "--quiet"]) == 0
    return path


def test_a_page_that_says_why(styleprint, bundle, unseen, tmp_path):
    """The verdict, the evidence, the passages in which it stands; the numbers are those of identify."""
    page = tmp_path / "why.html"
    answer = styleprint("explain", bundle, unseen, "-o", page, "--json", "-", "--quiet")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    (plain,) = json.loads(styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet").out)
    told = without_time(found)
    told.pop("features")
    passages = told.pop("passages")
    for pattern in told["evidence"]:
        pattern.pop("places")
    assert told == without_time(plain)
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert passages
    assert passages[0]["name"] in text.lower()


def test_features_stand_beside_ranges(styleprint, of_features, unseen, tmp_path):
    """On the page too."""
    page = tmp_path / "why.html"
    answer = styleprint("explain", of_features, unseen, "-o", page, "--json", "-", "--quiet")
    found, text = json.loads(answer.out), page.read_text(encoding="utf-8")
    assert found["features"]
    for feature in found["features"]:
        assert found["evidence"][feature["number"] - 1]["name"].startswith(f"{feature['column']}, ")
        assert f"Here {tell_number(feature['value'])};" in text


def test_values_and_ranges_are_those_of_the_pieces(of_features, corpus, unseen):
    """The value is the row's own; the quartiles are those of the training pieces of each class."""
    loaded = load_bundle(of_features)
    found = explain_record(loaded, read_score(unseen), "a piece", "corpus", None)
    row = inputs_of(read_score(unseen), loaded.recipe)
    feature = found.features[0]
    assert feature.value == row[feature.column].iloc[0]
    own = [
        inputs_of(read_score(corpus / piece["path"]), loaded.recipe)[feature.column].iloc[0]
        for piece in loaded.pieces
        if piece["label"] == "steps"
    ]
    np.testing.assert_allclose(feature.ranges["steps"], np.quantile(own, [0.25, 0.5, 0.75]), rtol=1e-6)


def test_every_door_explains_alike(service, bundle, unseen, tmp_path):
    """Python and the API give the same record, to the last bit."""
    python = explain(bundle, unseen, tmp_path / "why.html").as_json
    response = service.send("/v1/explain", (unseen.name, unseen.read_bytes()))
    assert response.status_code == 200
    assert without_time(response.json()[0]) == without_time(json.loads(json.dumps(python)))


def test_a_file_that_cannot_be_read_is_an_error_and_no_page(styleprint, bundle, tmp_path):
    """Exit code 3, the reason, and no page."""
    bad = tmp_path / "bad.mid"
    bad.write_bytes(b"MThd no more")
    answer = styleprint("explain", bundle, bad, "-o", tmp_path / "why.html", "--quiet")
    assert answer.code == 3
    assert "bad.mid" in answer.err
    assert not (tmp_path / "why.html").exists()


@pytest.mark.parametrize("damage", ["infinite", "falling", "few", "twice"])
def test_forged_ranges_are_refused(bundle, damage):
    """Ranges that no training makes do not load."""
    state = load_bundle(bundle).ranges.to_state()
    quartiles = state["quartiles"].copy()
    if damage == "infinite":
        quartiles[0, 0, 2] = np.inf
    if damage == "falling":
        quartiles[0, 0] = [3, 2, 1]
    if damage == "few":
        quartiles = quartiles[:, :-1]
    columns = [state["columns"][0]] * len(state["columns"]) if damage == "twice" else state["columns"]
    with pytest.raises(ValueError, match="must"):
        ClassRanges.from_state(state | {"columns": columns, "quartiles": quartiles}, len(quartiles))


def test_notation_is_engraved_where_that_is_asked_for(styleprint, service, bundle, tmp_path):
    """On the page and in the record, by the command line and by the API; without the question nothing is drawn."""
    pytest.importorskip("music21", reason="notation needs the extra 'scores'")
    bars = "\n".join(f"={n}\n8c\n8d\n8e\n8f\n8g\n8f\n8e\n8d" for n in range(1, 17))
    file, page = tmp_path / "a.krn", tmp_path / "why.html"
    file.write_text(f"**kern\n*clefG2\n*M4/4\n{bars}\n==\n*-\n")
    answer = styleprint("explain", bundle, file, "-o", page, "--engraved", "--json", "-", "--quiet")
    passages = json.loads(answer.out)["passages"]
    assert passages
    assert all(passage["engraved"].startswith("<svg") for passage in passages)
    assert page.read_text(encoding="utf-8").count('<img class="engraved"') == len(passages)
    sent = service.send("/v1/explain", (file.name, file.read_bytes()), engraved="true").json()[0]
    assert sent["passages"] == passages
    plain = service.send("/v1/explain", (file.name, file.read_bytes())).json()[0]
    assert not any("engraved" in passage for passage in plain["passages"])
