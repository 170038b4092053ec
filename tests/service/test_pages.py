"""The pages as they are sent: safe, light, complete without a script."""

import re

import pytest

from styleprint.service.envelope import CONTENT_POLICY

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", re.IGNORECASE)
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> \"'&\x1b[31m.mid"
PATHS = ["/", "/card", "/health", "/ready", "/metrics", "/v1/bundle", "/openapi.json", "/static/page.js", "/nothing"]


@pytest.fixture(scope="module")
def page(service, unseen):
    """What a browser without scripts gets for one good file, one hostile name, and one that is no music."""
    files = [(unseen.name, unseen.read_bytes()), (HOSTILE, unseen.read_bytes()), (HOSTILE, b"<script>")]
    response = service.send("/results", *files)
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(service, path):
    """Errors too."""
    headers = service.get(path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert "unsafe" not in CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch("[0-9a-f]{16}", headers["x-request-id"])
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/card"])
def test_pages_are_light_and_have_nothing_inline(service, path):
    """Under 300 kB with all that they ask for, nothing from elsewhere, no script or style that the policy forbids."""
    text = service.get(path).text
    asked = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(asked) >= 2
    parts = [service.get(name) for name in asked]
    assert all("immutable" in part.headers["cache-control"] for part in parts)
    assert len(text.encode()) + sum(len(part.content) for part in parts) < 300_000
    assert not re.findall(r'(?:src|href|action)="(?!/|#)', text)
    assert not INLINE.search(text)


def test_answers_come_without_a_script(page, unseen):
    """Verdict in words, candidates with probability and typicality, evidence, nearest pieces, a roll, files to keep."""
    assert f">{unseen.name}</h2>" in page
    assert "Typical of" in page or "Undecided" in page or "None of these" in page
    for words in ("Likeliest: steps", "What speaks for steps", "Most alike", "<svg viewBox", "download=", "excluded"):
        assert words in page
    assert "ReadError [R104]" in page


def test_names_are_shown_not_obeyed(page):
    """A file's name never becomes a tag, an attribute or a control character."""
    assert not INLINE.search(re.sub(r'href="data:[^"]*"', "", page).replace("onerror=alert", ""))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img" not in page
    assert "\x1b" not in page


def test_what_is_wrong_is_told_on_the_page(service):
    """A form without a file comes back with the reason, and the status says so too."""
    response = service.send("/results", prior="equal")
    assert response.status_code in (415, 422)
    assert 'role="alert"' in response.text or response.json()["code"]


def test_every_control_has_a_name(service):
    """Each field has a label, the groups a legend, the messages a live region, the page a language and a heading."""
    text = service.get("/").text
    for name in re.findall(r'<input id="(\w+)"', text):
        assert f'<label for="{name}"' in text
    assert text.count("<input") == len(re.findall(r'<input id="\w+"|<label class="choice"><input', text))
    for part in ('<html lang="en">', "<h1>", "<legend>", 'aria-live="polite"', 'class="skip"', "aria-label"):
        assert part in text


def test_the_card_is_escaped(service):
    """Names in the card are no tags; its tables are tables."""
    text = service.get("/card").text
    assert "<table>" in text
    assert "What it must not be used for" in text
