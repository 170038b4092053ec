"""``styleprint serve`` as a user types it: it says where, answers, and leaves when told."""

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from small_corpus import load_small_corpus
from styleprint.workflows.demo import DemoResult


@pytest.fixture
def serving(bundle):
    """The command in a process of its own, on a free port, with a key."""
    environment = os.environ | {"STYLEPRINT_API_KEY": "a key of enough letters"}
    command = [sys.executable, "-m", "styleprint", "serve", str(bundle), "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_answers_and_leaves_in_peace(serving, unseen):
    """Address, answer, a log without names of files; after SIGTERM what is in hand is finished, and the code is 0."""
    address = serving.stdout.readline().removeprefix("Open ").strip()
    headers = {"Authorization": "Bearer a key of enough letters"}
    files = {"files": ("a secret name.mid", unseen.read_bytes())}
    assert httpx.post(f"{address}/v1/identify", files=files, timeout=60).status_code == 401
    response = httpx.post(f"{address}/v1/identify", files=files, headers=headers, timeout=60)
    assert response.json()[0]["label"] == "steps"
    last = asking_long(address, headers)
    serving.send_signal(signal.SIGTERM)
    assert [record["status"] for record in last.result().json()] == ["ok"] * 8
    _, log = serving.communicate(timeout=30)
    assert serving.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    asked = [line for line in lines if line["event"] == "request" and line["route"] != "/metrics"]
    assert asked[-1]["time"] > next(line["time"] for line in lines if line["event"] == "Shutting down")
    assert [(line["route"], line["status"]) for line in asked] == [
        ("none", 401),
        ("/v1/identify", 200),
        ("/v1/identify", 200),
    ]
    assert asked[1]["answers"] == {"ok": 1}
    assert asked[1]["id"] == response.headers["x-request-id"]
    assert "secret" not in log


def asking_long(address, headers):
    """A request that takes a while, once the service has it in hand."""
    make = load_small_corpus()
    files = [("files", (f"{n}.mid", make.midi([60 + i % 12 for i in range(8000)]))) for n in range(8)]
    pool = ThreadPoolExecutor(1)
    asked = pool.submit(httpx.post, f"{address}/v1/identify", files=files, headers=headers, timeout=60)
    pool.shutdown(wait=False)
    while "styleprint_requests_in_hand 1" not in httpx.get(f"{address}/metrics", headers=headers, timeout=60).text:
        assert not asked.done()
    return asked


def test_a_port_that_is_taken_is_told_at_once(styleprint, bundle):
    """Usage, with what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = styleprint("serve", bundle, "--port", other.getsockname()[1])
    assert answer.code == 2
    assert "UsageError [U173]" in answer.err
    assert "--port 0" in answer.err


def test_an_empty_key_is_no_key(styleprint, bundle, monkeypatch):
    """A secret that was not filled in must not open the service to all."""
    monkeypatch.setenv("STYLEPRINT_API_KEY", "")
    answer = styleprint("serve", bundle, "--port", 0, "--workers", 1)
    assert answer.code == 2
    assert "UsageError [U175]" in answer.err
    assert "unset it" in answer.err


@pytest.mark.parametrize(
    ("host", "key", "is_told"),
    [("0.0.0.0", None, True), ("0.0.0.0", "a key of enough letters", False), ("127.0.0.1", None, False)],  # noqa: S104  # the case
)
def test_a_service_open_to_all_says_so(styleprint, bundle, monkeypatch, host, key, is_told):
    """On stderr, at the start, where others reach it and no key is asked for."""
    monkeypatch.setattr("styleprint.service.serving.serve", lambda *_, **__: None)
    monkeypatch.delenv("STYLEPRINT_API_KEY", raising=False)
    if key:
        monkeypatch.setenv("STYLEPRINT_API_KEY", key)
    answer = styleprint("serve", bundle, "--host", host)
    assert answer.code == 0
    assert ("STYLEPRINT_API_KEY is not set" in answer.err) == is_told


def test_what_is_no_bundle_is_refused(styleprint, unseen):
    """With the error of every command."""
    answer = styleprint("serve", unseen, "--port", 0, "--workers", 1)
    assert answer.code == 3
    assert "BundleError [B1" in answer.err


def test_a_bundle_of_a_table_is_refused(styleprint, two_labels, tmp_path):
    """No file can be a piece of it."""
    bundle = tmp_path / "table.styleprint"
    trained = styleprint(
        "train", two_labels, "--target", "label", "-o", bundle, "--model", "dummy", "--workers", 0, "--quiet"
    )
    assert trained.code == 0, trained.err
    answer = styleprint("serve", bundle, "--port", 0, "--workers", 1)
    assert answer.code == 2
    assert "UsageError [U170]" in answer.err


def test_a_missing_extra_is_named(styleprint, bundle, monkeypatch):
    """What is missing, and how to get it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    answer = styleprint("serve", bundle)
    assert answer.code == 2
    assert "pip install 'styleprint[serve]'" in answer.err


def test_the_demo_can_be_served(styleprint, bundle, tmp_path, monkeypatch):
    """`demo --serve` serves the demo's bundle, on this machine alone."""
    served = []
    found = DemoResult(tmp_path / "report.html", bundle, 1.0)
    monkeypatch.setattr("styleprint.workflows.demo.run_demo", lambda *_, **__: found)
    monkeypatch.setattr("styleprint.service.serving.serve", lambda settings, **_: served.append(settings))
    assert styleprint("demo", "-o", tmp_path, "--quiet").code == 0
    assert served == []
    assert styleprint("demo", "-o", tmp_path, "--serve", "--quiet").code == 0
    assert (served[0].bundle, served[0].is_loopback) == (bundle, True)
