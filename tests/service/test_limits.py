"""What a service takes, what it refuses, and that refusing costs nobody else."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import threading
import time

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service_cases import run_service
from small_corpus import load_small_corpus
from styleprint.service.app import create_app
from styleprint.service.serving import listen
from styleprint.service.settings import ServiceSettings
from styleprint.support.errors import LimitError, UsageError
from styleprint.support.workers import SupervisedWorker

KEY = "a key of enough letters"


def ask(service, method, path, *, changed, **request):
    """One request to the same desk under other settings, without a port."""
    values = {name: getattr(service.settings, name) for name in service.settings.__dataclass_fields__}
    app = create_app(ServiceSettings(**(values | changed)), service.desk, service.metrics)

    async def call():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **request)

    return asyncio.run(call())


def test_eleven_megabytes_are_too_many(service, unseen):
    """413 with a code, for one file of several too; a file of one byte less than the limit is read."""
    for files in (
        [("large.mid", b"\0" * 11_000_000)],
        [("fine.mid", unseen.read_bytes()), ("l.mid", b"x" * 10_000_001)],
    ):
        response = service.identify(*files)
        assert (response.status_code, response.json()["code"]) == (413, "S101")
    assert service.identify(("large.mid", b"x" * 10_000_000)).json()["code"] == "R104"


def test_a_request_is_limited_as_a_whole(service):
    """Many files that are each small enough."""
    files = [("files", (f"{n}.mid", b"x" * 900)) for n in range(5)]
    response = ask(service, "POST", "/v1/identify", changed={"request_bytes": 3000}, files=files)
    assert (response.status_code, response.json()["code"]) == (413, "S101")


def test_too_many_files(service):
    """At most 50."""
    response = service.identify(*[(f"{n}.mid", b"x") for n in range(51)])
    assert (response.status_code, response.json()["code"]) == (422, "S103")


def test_what_is_sent_too_slowly_is_given_up(service):
    """408, and the place in the queue is free again."""

    async def slow():
        yield b"--b\r\n"
        await asyncio.sleep(5)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    began = time.monotonic()
    response = ask(service, "POST", "/v1/identify", changed={"upload_seconds": 0.1}, content=slow(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (408, "S106")
    assert time.monotonic() - began < 3
    assert service.desk.in_hand == 0


BODIES = {
    "no form": (b"{}", "application/json", 415, "S102"),
    "no boundary": (b"", "multipart/form-data", 415, "S102"),
    "an empty form": (b"--b--\r\n", "multipart/form-data; boundary=b", 422, "S104"),
    "a boundary without end": (b"", f"multipart/form-data; boundary={'b' * 257}", 400, "S102"),
    "a header without end": (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="' + b"a" * 1_000_000,
        "multipart/form-data; boundary=b",
        400,
        "S102",
    ),
    "headers without end": (b"--b\r\n" + b"A: b\r\n" * 100_000, "multipart/form-data; boundary=b", 400, "S102"),
    "a cut form": (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc',
        "multipart/form-data; boundary=b",
        400,
        "S102",
    ),
    "another boundary": (b"--c\r\n\r\n\r\n--c--\r\n", "multipart/form-data; boundary=b", 400, "S102"),
    "an unknown part": (
        b'--b\r\nContent-Disposition: form-data; name="colour"\r\n\r\nred\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
        422,
        "S105",
    ),
    "a prior of one's own": (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc\r\n'
        b'--b\r\nContent-Disposition: form-data; name="prior"\r\n\r\n/etc/passwd\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
        422,
        "S105",
    ),
    "a long choice": (
        b'--b\r\nContent-Disposition: form-data; name="prior"\r\n\r\n' + b"x" * 500 + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
        413,
        "S101",
    ),
}


@pytest.mark.parametrize("kind", BODIES)
def test_forms_that_are_none(service, kind):
    """Each its own code."""
    body, content_type, status, code = BODIES[kind]
    response = httpx.post(
        f"{service.address}/v1/identify", content=body, headers={"content-type": content_type}, timeout=60
    )
    assert (response.status_code, response.json()["code"]) == (status, code)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), cut=st.integers(0, 400))
def test_no_form_is_a_fault_of_ours(service, body, cut):
    """Whatever bytes are sent, and wherever they end: a problem with a code, never 500."""
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.mid"\r\n\r\nMThd'
    sent = (head + body + b"\r\n--b--\r\n")[:cut]
    response = httpx.post(
        f"{service.address}/v1/identify",
        content=sent,
        headers={"content-type": "multipart/form-data; boundary=b"},
        timeout=60,
    )
    assert response.status_code in (400, 422), response.text
    assert response.json()["code"]


HEAD = b"POST /v1/identify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"


@contextlib.contextmanager
def dawdlers(service, count):
    """Connections that begin to send a form and go no further."""
    port = int(service.address.rpartition(":")[2])
    with contextlib.ExitStack() as opened:
        for _ in range(count):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n--b\r\n")
        wait_until(lambda: receiving(service) == count)
        yield
    wait_until(lambda: receiving(service) == 0)


def receiving(service):
    return count(service, "requests_receiving")


def count(service, name):
    found = service.get("/metrics").text.partition(f"\nstyleprint_{name} ")[2]
    return int(found.partition("\n")[0] or 0)


def test_who_dawdles_keeps_no_place(service, unseen):
    """More requests than may wait are begun and not sent: the next one is answered all the same."""
    with dawdlers(service, service.settings.workers + service.settings.queue + 1):
        assert service.desk.in_hand == 0
        assert service.identify(("a.mid", unseen.read_bytes())).status_code == 200


def test_a_full_queue_refuses_at_once(service, unseen):
    """Requests that are whole fill the queue; one more is told when to come again; then all goes on."""
    with contextlib.ExitStack() as places:
        for _ in range(service.settings.workers + service.settings.queue):
            places.enter_context(service.desk.admit())
        response = service.identify(("a.mid", unseen.read_bytes()))
        page = service.send("/results", ("a.mid", unseen.read_bytes()))
        assert service.get("/health").status_code == 200
    assert (response.status_code, response.json()["code"]) == (503, "S107")
    assert page.status_code == 503
    for refused in (response, page):
        assert int(refused.headers["retry-after"]) >= 1
    assert service.desk.in_hand == 0
    assert service.identify(("a.mid", unseen.read_bytes())).status_code == 200


def test_what_is_being_sent_is_bounded(bundle, unseen):
    """By the number of requests and by the bytes that are held of them; both are free again afterwards."""
    settings = ServiceSettings(bundle, port=0, request_bytes=20_000, receiving=2, receiving_bytes=20_000)
    file = ("a.mid", unseen.read_bytes())
    with run_service(settings) as small:
        with dawdlers(small, 2):
            response = httpx.post(f"{small.address}/v1/identify", files={"files": file}, timeout=60)
            assert (response.status_code, response.json()["code"]) == (503, "S107")
        with (
            dawdlers(small, 1),
            socket.create_connection(("127.0.0.1", int(small.address.rpartition(":")[2]))) as large,
        ):
            large.sendall(
                HEAD + b"Content-Length: 19900\r\n\r\n--b\r\nContent-Disposition: form-data; name=files\r\n\r\n"
            )
            large.sendall(b"x" * 19_800)
            wait_until(lambda: small.identify(file).status_code == 503)
        assert small.identify(file).status_code == 200


def test_a_pause_ends_a_request(service):
    """408 long before the time for a whole request is over."""

    async def pausing():
        yield b"--b\r\n"
        await asyncio.sleep(5)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    began = time.monotonic()
    response = ask(service, "POST", "/v1/identify", changed={"idle_seconds": 0.1}, content=pausing(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (408, "S106")
    assert "without a pause of 0.1 s" in response.json()["detail"]
    assert time.monotonic() - began < 3


def test_an_upload_that_is_broken_off_is_no_fault_of_ours(service, caplog):
    """Counted as 499, without an answer or a traceback."""
    before = count(service, 'requests_total{method="POST",route="/v1/identify",status="499"}')
    with dawdlers(service, 3):
        pass
    assert count(service, 'requests_total{method="POST",route="/v1/identify",status="499"}') == before + 3
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_bounds_that_no_request_can_keep_are_refused(bundle):
    """One request must fit into what may be held."""
    with pytest.raises(UsageError, match="as large as one request"):
        ServiceSettings(bundle, receiving_bytes=1)


def test_a_killed_worker_costs_its_request_alone(service, unseen):
    """Killed while it has a file: that request hears so, and the next is answered by a new process."""
    make = load_small_corpus()
    long = make.midi([60 + n % 12 for n in range(40_000)])
    pid, found = worker_of(service), []
    asking = threading.Thread(target=lambda: found.append(service.identify(("long.mid", long))))
    asking.start()
    wait_until(lambda: any(task.worker_id == pid for task in list(manager_of(service).task_manager.tasks.values())))
    os.kill(pid, signal.SIGKILL)
    asking.join()
    assert (found[0].status_code, found[0].json()["code"]) == (422, "R193")
    assert "died" in found[0].json()["detail"]
    assert service.identify(("a.mid", unseen.read_bytes())).status_code == 200
    assert worker_of(service) != pid
    assert "styleprint_lost_workers_total 1" in service.get("/metrics").text


def test_a_worker_killed_while_idle_costs_nothing(service, unseen):
    """The next request is answered by a new process."""
    pid = worker_of(service)
    os.kill(pid, signal.SIGKILL)
    assert service.identify(("a.mid", unseen.read_bytes())).status_code == 200
    assert worker_of(service) != pid


def test_a_worker_that_cannot_be_asked_comes_back(service, unseen, monkeypatch):
    """Where the system starts no process, the request hears of a fault of ours and the next one is answered."""
    call, refusals = SupervisedWorker.call, iter(range(2))

    def call_later(worker, *values, **options):
        if next(refusals, None) is not None:
            raise OSError(errno.EAGAIN, "no process can be started")
        return call(worker, *values, **options)

    monkeypatch.setattr("styleprint.service.desk._RETRY_SECONDS", (0.01,))
    monkeypatch.setattr(SupervisedWorker, "call", call_later)
    lost = count(service, "lost_workers_total")
    response = service.identify(("a.mid", unseen.read_bytes()))
    assert (response.status_code, response.json()["code"]) == (500, "X101")
    assert "no process" not in response.text
    assert service.identify(("a.mid", unseen.read_bytes())).status_code == 200
    assert count(service, "lost_workers_total") == lost + 1
    assert service.desk.ready_workers == service.settings.workers


def manager_of(service):
    (worker,) = service.desk._workers
    return worker._pool._pool_manager


def worker_of(service):
    (pid,) = manager_of(service).worker_manager.workers
    return pid


def wait_until(holds):
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it did not come about in 10 s")


def test_a_key_is_asked_for(service):
    """Without it 401 and how to send it; as Bearer or as a password it opens; health needs none."""
    changed = {"api_key": KEY}
    refused = ask(service, "GET", "/v1/bundle", changed=changed)
    assert (refused.status_code, refused.json()["code"]) == (401, "S108")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert ask(service, "GET", "/", changed=changed).headers["www-authenticate"].startswith("Basic")
    for wrong in ("Bearer", "Bearer no", "Basic ====", b"Basic \xe9", b"Bearer \xe9", f"Digest {KEY}"):
        headers = {"authorization": wrong}
        assert ask(service, "GET", "/v1/bundle", changed=changed, headers=headers).status_code == 401
    right = {"authorization": f"Bearer {KEY}"}
    assert ask(service, "GET", "/v1/bundle", changed=changed, headers=right).status_code == 200
    assert ask(service, "GET", "/", changed=changed, auth=("anyone", KEY)).status_code == 200
    assert ask(service, "GET", "/health", changed=changed).status_code == 200
    assert ask(service, "POST", "/v1/identify", changed=changed, content=b"x").status_code == 401


def test_a_short_key_is_refused(bundle):
    """It could be guessed."""
    with pytest.raises(UsageError, match="16 ASCII characters"):
        ServiceSettings(bundle, api_key="secret")


@pytest.mark.parametrize("host", ["LocalHost:8000", "LOCALHOST", "127.0.0.1", "[::1]:80"])
def test_names_of_this_machine_are_taken(service, host):
    """In any case of letters (RFC 9110, 4.2.3)."""
    assert service.get("/health", host=host).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"host": "evil.example:80"}, {"host": "[::2]:8000"}],
)
def test_other_names_than_this_machines_are_refused(service, headers):
    """A page elsewhere cannot make its own name point here (DNS rebinding)."""
    assert service.get("/", **headers).json()["code"] == "S110"


def test_other_pages_may_not_send_files(service, unseen):
    """A browser says where a form comes from."""
    files = {"files": ("a.mid", unseen.read_bytes())}
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        response = httpx.post(
            f"{service.address}/v1/identify", files=files, headers={"Sec-Fetch-Site": site}, timeout=60
        )
        assert response.status_code == status


def test_names_and_methods_that_do_not_exist(service):
    """404 and 405 as problems."""
    assert (service.get("/nothing").status_code, service.get("/nothing").json()["code"]) == (404, "S109")
    response = service.get("/v1/identify")
    assert (response.status_code, response.json()["code"], response.headers["allow"]) == (405, "S109", "POST")
    assert service.get("/static/../settings.py").status_code == 404
    assert service.get("/static/settings.py").status_code == 404


def test_what_is_written_leaves_at_once(tmp_path):
    """Not held back until what left before is confirmed (Nagle), which costs 40 ms an answer."""

    async def held_back():
        told = asyncio.get_running_loop().create_future()
        with listen(ServiceSettings(tmp_path / "none.styleprint", port=0)) as listener:
            address = listener.getsockname()

            def take(_, writer):
                accepted = writer.get_extra_info("socket")
                told.set_result(not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            server = await asyncio.start_server(take, sock=listener)
            _, writer = await asyncio.open_connection(*address[:2])
            found = await told
            writer.close()
            await writer.wait_closed()
            server.close()
            await server.wait_closed()
            return found

    assert not asyncio.run(held_back())


def test_a_worker_that_cannot_hold_the_bundle_is_told_of_when_it_starts(bundle):
    """It is the bundle that is named, and no piece of music."""
    with pytest.raises(LimitError) as caught, run_service(ServiceSettings(bundle, port=0, workers=1, memory_bytes=1)):
        pass
    told = str(caught.value)
    assert str(bundle) in told
    assert "a worker must load the bundle, and did not" in told
    assert "piece" not in caught.value.remedy
