"""The same answer through every door, and what becomes of files that have none."""

import base64
import json
import re

import pytest

from styleprint import identify
from styleprint.service.records import Answer, BundleRecord, Failure, ProblemDetails
from styleprint.workflows.options import RunOptions

NDJSON = "application/x-ndjson"


def without_time(record):
    return {key: value for key, value in record.items() if key not in ("seconds", "path")}


@pytest.mark.parametrize("prior", ["corpus", "equal"])
@pytest.mark.parametrize("which", ["new", "known"])
def test_the_same_numbers_through_every_door(service, bundle, corpus, unseen, styleprint, prior, which):
    """Python, the command line and the API give the same record, to the last bit."""
    file = unseen if which == "new" else corpus / "leaps" / "leaps Op. 3.mid"
    found = identify(bundle, [file], prior=prior, run=RunOptions(workers=0)).as_json[0]
    python = json.loads(json.dumps(found))
    typed = styleprint("identify", bundle, file, "--prior", prior, "--json", "-", "--workers", 0, "--quiet")
    response = service.identify((file.name, file.read_bytes()), prior=prior)
    assert response.status_code == 200
    sent = response.json()[0]
    assert without_time(sent) == without_time(python) == without_time(json.loads(typed.out)[0])
    assert sent["path"] == file.name
    assert (sent["copy_of"] is None) is (which == "new")
    Answer.model_validate(sent)


def test_many_files_come_in_order(service, corpus):
    """One object a file, in the order of the form; a bad one among them is a row with its reason."""
    names = [f"leaps Op. {n}.mid" for n in (5, 2, 9)]
    files = [(name, (corpus / "leaps" / name).read_bytes()) for name in names]
    files.insert(1, ("bad.mid", b"MThd no more"))
    records = service.identify(*files).json()
    assert [r["path"] for r in records] == [names[0], "bad.mid", *names[1:]]
    assert [r["status"] for r in records] == ["ok", "unreadable", "ok", "ok"]
    Failure.model_validate(records[1])


def test_lines_come_as_they_are_known(service, unseen):
    """As NDJSON: a line a file, the same records."""
    file = (unseen.name, unseen.read_bytes())
    response = service.identify(file, ("bad.mid", b"nothing"), accept=NDJSON)
    assert response.headers["content-type"] == NDJSON
    records = [json.loads(line) for line in response.text.splitlines()]
    assert without_time(records[0]) == without_time(service.identify(file).json()[0])
    assert records[1]["status"] == "unreadable"


BAD = {
    "text": (b"this is no music", "R104", "unreadable"),
    "a page": (b"<html><script>alert(1)</script></html>", "R104", "unreadable"),
    "nothing": (b"", "S111", "empty"),
    "a header alone": (b"MThd", "R", "unreadable"),
    "a bomb's beginning": (b"PK\x03\x04" + b"\0" * 60, "R", "unreadable"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_answer_is_a_problem_with_our_code(service, kind):
    """422, problem details, the code of the error, and the record that the command line would give."""
    data, code, status = BAD[kind]
    response = service.identify(("a file.mid", data))
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"].startswith(code)
    assert problem["type"] == f"urn:styleprint:problem:{problem['code']}"
    assert problem["answers"][0]["status"] == status
    ProblemDetails.model_validate(problem)


def test_a_cut_file_is_salvaged_or_refused(service, unseen):
    """A truncated MIDI file is read as far as it goes, with a warning, wherever it is cut; no cut is a fault."""
    data = unseen.read_bytes()
    responses = [service.identify(("cut.mid", data[:length])) for length in range(5, len(data), len(data) // 6)]
    assert {response.status_code for response in responses} <= {200, 422}
    assert responses[-1].json()[0]["warnings"]


def test_the_name_plays_no_part(service, unseen):
    """A wrong suffix changes nothing: content tells what a file is."""
    data = unseen.read_bytes()
    assert without_time(service.identify(("a.xml", data)).json()[0]) == without_time(
        service.identify(("a.mid", data)).json()[0]
    )


def test_the_bundle_is_described(service, bundle, styleprint):
    """/v1/bundle is what `card --json` says, and which file it is."""
    found = service.get("/v1/bundle").json()
    BundleRecord.model_validate(found)
    assert len(found.pop("identity")) == 64
    assert found == json.loads(styleprint("card", bundle, "--json", "-").out)


def test_what_is_kept_is_what_the_command_line_writes(service, bundle, unseen, styleprint, tmp_path):
    """The page's CSV and JSON, and a page that is complete in itself."""
    results = tmp_path / "results.csv"
    styleprint("identify", bundle, unseen, "-o", results, "--workers", 0, "--quiet")
    page = service.send("/results", (str(unseen), unseen.read_bytes())).text
    kept = {
        name: base64.b64decode(data).decode()
        for name, data in re.findall(r'download="([^"]+)" href="data:[^,]+;base64,([^"]+)"', page)
    }
    assert sorted(kept) == ["styleprint.csv", "styleprint.html", "styleprint.json"]
    assert kept["styleprint.csv"].encode() == results.read_bytes()
    assert without_time(json.loads(kept["styleprint.json"])[0]) == without_time(
        service.identify((unseen.name, unseen.read_bytes())).json()[0]
    )
    assert "<script" not in kept["styleprint.html"]
    assert "http" not in kept["styleprint.html"].replace("http-equiv", "")
    assert unseen.name in kept["styleprint.html"]
