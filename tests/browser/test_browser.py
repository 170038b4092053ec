"""The page in a real browser: headless Chromium, as a person would use it. Skipped where there is none."""

import os
import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra 'dev'")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian, Ubuntu: apt install chromium)")

NAME = "<img src=x onerror=alert(1)>.mid"


@pytest.fixture(scope="module")
def browser():
    """Chromium; root, as in containers, may not use its sandbox."""
    arguments = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, service):
    """Open the service in a window of this width; whatever the console says, or a script throws, is a failure."""
    said, contexts = [], []

    def opened(width=1200, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(service.address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def ask(page, *files):
    page.set_input_files("#files", [{"name": name, "mimeType": "audio/midi", "buffer": data} for name, data in files])
    page.evaluate("document.querySelector('#told').textContent = ''")
    page.click("button[type=submit]")
    page.wait_for_selector("form:has(button:enabled) #told:not(:empty)")


def test_a_file_is_answered_in_place(open_page, unseen):
    """Verdict, table, evidence, roll, files to keep; the live region says the verdict; light enough."""
    page = open_page()
    ask(page, ("new piece.mid", unseen.read_bytes()))
    assert page.inner_text("#told").startswith("new piece.mid: ")
    assert page.inner_text(".verdict") in page.inner_text("#told")
    assert "steps" in page.inner_text(".chances")
    assert page.locator(".evidence tbody tr").count() >= 3
    assert page.locator(".roll svg rect").count() > 10
    page.click(".roll button")
    assert page.inner_text(".roll button") == "Stop"
    page.click(".roll button")
    assert page.inner_text(".roll button") == "Play"
    with page.expect_download() as download:
        page.click("a[download='styleprint.csv']")
    assert download.value.path().read_text().startswith("path,status")
    sizes = page.evaluate("performance.getEntriesByType('resource').map((e) => e.decodedBodySize)")
    assert sum(sizes) < 300_000


def test_the_keyboard_alone_will_do(open_page, unseen, tmp_path):
    """From the top: skip link, pages, file, prior, engraving, button, each with a visible focus; Enter sends."""
    page = open_page()
    names = []
    for _ in range(9):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", names[-1]
        if names[-1] == "files":
            page.set_input_files("#files", [{"name": "a.mid", "mimeType": "", "buffer": unseen.read_bytes()}])
    assert names[0] == "Skip to the content"
    assert names[-1] == "Identify"
    page.keyboard.press("Enter")
    page.wait_for_selector("a[download]")
    page.wait_for_selector("button:enabled")


def test_a_damaged_file_is_told_plainly(open_page):
    """What came and what to do, in the page and in the live region."""
    page = open_page()
    ask(page, ("broken.mid", b"no music"))
    assert "It cannot be read." in page.inner_text("#told")
    assert "R104" in page.inner_text(".answer.failed .reason")


def test_a_name_with_tags_is_shown(open_page, unseen):
    """As text; nothing of it runs (the page fixture would hear a dialog)."""
    page = open_page()
    ask(page, (NAME, unseen.read_bytes()))
    assert page.inner_text("h2.piece") == NAME
    assert page.locator("#answers img").count() == 0


def test_twenty_files_at_once(open_page, corpus):
    """An answer each, in order, a damaged one among them; one report of all."""
    page = open_page()
    files = [(f"{n}.mid", (corpus / "leaps" / f"leaps Op. {n}.mid").read_bytes()) for n in range(1, 20)]
    ask(page, *files, ("20.mid", b"no music"))
    assert page.inner_text("#told") == "All 20 done."
    assert page.locator("h2.piece").all_inner_texts() == [f"{n}.mid" for n in range(1, 21)]
    assert page.locator("a[download]").count() == 3


def test_files_that_are_too_many_or_too_large_are_refused_before_they_are_sent(open_page):
    """In words; nothing is sent."""
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    ask(page, *[(f"{n}.mid", b"x") for n in range(51)])
    assert "At most 50 files" in page.inner_text("#told")
    page.evaluate("document.querySelector('form').dataset.fileBytes = 100")
    ask(page, ("large.mid", b"x" * 101))
    assert "too large" in page.inner_text("#told")
    assert "POST" not in sent


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(open_page, unseen, scheme):
    """The page does not scroll sideways; text has contrast in both schemes."""
    page = open_page(390, color_scheme=scheme)
    ask(page, ("a rather long name of a piece without any room to break it_in_two.mid", unseen.read_bytes()))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for selector in ("h1", ".soft", "a", "button[type=submit]", ".verdict"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page, selector):
    """Contrast of text and ground (WCAG 2.2, 1.4.3): colours as computed, the nearest ground that is not clear."""
    colours = page.evaluate(
        """(selector) => {
          let element = document.querySelector(selector);
          const text = getComputedStyle(element).color;
          let ground = "rgba(0, 0, 0, 0)";
          for (; element && ground === "rgba(0, 0, 0, 0)"; element = element.parentElement)
            ground = getComputedStyle(element).backgroundColor;
          return [text, ground];
        }""",
        selector,
    )
    bright, dark = sorted((luminance(colour) for colour in colours), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(part) / 255 for part in colour[4:-1].split(", ")]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_without_scripts_it_is_a_form(open_page, unseen):
    """Sent and answered as any form."""
    page = open_page(java_script_enabled=False)
    page.set_input_files("#files", [{"name": "a.mid", "mimeType": "", "buffer": unseen.read_bytes()}])
    page.click("button[type=submit]")
    page.wait_for_selector(".answer .verdict")
    assert page.url.endswith("/results")


def test_what_was_asked_earlier_stays_in_the_tab(open_page, unseen, corpus):
    """After a reload both answers are there, the latest first, whole; another tab has none; forgotten they are gone."""
    page = open_page()
    ask(page, ("first.mid", unseen.read_bytes()))
    ask(page, (NAME, (corpus / "leaps" / "leaps Op. 2.mid").read_bytes()))
    page.reload()
    summaries = page.locator("#earlier summary").all_inner_texts()
    assert [text.rpartition(": ")[0] for text in summaries] == [NAME, "first.mid"]
    page.click("#earlier summary >> nth=1")
    assert "steps" in page.inner_text("#earlier details[open] .chances")
    assert page.locator("#earlier details[open] .roll button").count() >= 1
    assert open_page().is_hidden("#earlier")
    page.click("#forget")
    assert page.is_hidden("#earlier")
    page.reload()
    assert page.is_hidden("#earlier")
