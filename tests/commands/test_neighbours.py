"""``styleprint neighbours`` as a user types it."""

import json

import pytest

from language_bundle_cases import drawn_bundle


@pytest.fixture(scope="module")
def language(tmp_path_factory):
    return drawn_bundle(tmp_path_factory.mktemp("language") / "drawn.styleprint", rows=12)


def test_what_has_learnt_nothing_knows_nothing(styleprint, language, tmp_path):
    """Weights that were drawn: a page and JSON, each test with its sentence, and none claims knowledge."""
    page = tmp_path / "what it knows.html"
    answer = styleprint("neighbours", language, "-o", page, "--json", tmp_path / "a.json")
    assert answer.code == 0, answer.err
    told = json.loads((tmp_path / "a.json").read_text())
    names = [finding["name"] for finding in told["knowledge"]]
    assert names == [
        "pitch_height", "octave", "circle_of_fifths", "size", "size", "halves_and_doubles", "halves_and_doubles",
        "key_membership",
    ]  # fmt: skip
    assert {finding["verdict"] for finding in told["knowledge"]} <= {"does not", "cannot tell"}
    assert all(finding["sentence"] in answer.out for finding in told["knowledge"])
    nearest = told["fields"]["pitch"]["nearest"]
    assert len(nearest) == 12
    assert all(-1 <= value <= 1 for pairs in nearest.values() for _, value in pairs)
    html = page.read_text()
    assert html.count("<svg") == 1  # two shifts and two durations are too few for maps
    assert "<script" not in html


def test_a_file_that_is_no_bundle_is_refused(styleprint, tmp_path):
    """An error with its code, and no page."""
    (tmp_path / "no.styleprint").write_bytes(b"nothing")
    answer = styleprint("neighbours", tmp_path / "no.styleprint", "-o", tmp_path / "page.html")
    assert (answer.code, "B10" in answer.err) == (3, True)
    assert not (tmp_path / "page.html").exists()
