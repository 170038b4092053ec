"""The page holds what an evaluation found, complete in itself, and harmless whatever names come from files."""

import json
import re
from html.parser import HTMLParser

import pytest

from laws.evaluation_cases import Centroids, make_table
from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.extraction.table import Table
from styleprint.reports.evaluation_page import render_evaluation

HOSTILE = "<script>alert('x')</script>&\"'"
VOID = {"meta", "img", "br", "link", "input", "hr", "line", "rect", "circle", "polyline"}


class Balance(HTMLParser):
    """Remembers the tags that are opened, and that each is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def evaluation():
    """Everything that an evaluation may hold, of pieces with hostile names."""
    table = make_table(works=(12, 13, 11), conflicts=1)
    frame = table.frame.assign(path=HOSTILE + table.frame["path"], work=HOSTILE + table.frame["work"])
    frame["label"] = frame["label"].replace("A", HOSTILE)
    table = Table(frame, table.columns, notes=(HOSTILE,))
    extras = Extras(
        probes={"make": ("tempo",)},
        variants={"noise": table.inputs() + 0.2},
        breakdowns=("notes", "collection"),
        reference=table.inputs().to_numpy(),
        permutations=19,
        open_set=True,
    )
    settings = Settings(folds=3)
    return json.loads(
        json.dumps(evaluate_table(table, Centroids, model="x", settings=settings, extras=extras).to_json())
    )


@pytest.fixture(scope="module")
def page(evaluation):
    """The page of that evaluation."""
    attention = {name: [{"name": HOSTILE, "weight": 1.5}] for name in evaluation["classes"]}
    return render_evaluation(evaluation, title=HOSTILE, notes=(HOSTILE,), attention=attention, made={HOSTILE: HOSTILE})


def test_tags_are_balanced_and_none_runs(page):
    """No name becomes a tag; what is opened is closed."""
    parser = Balance()
    parser.feed(page)
    assert not parser.open
    assert not parser.seen & {"script", "iframe", "object", "link", "img"}
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_nothing_comes_from_outside(page):
    """No address, and a policy that would forbid it."""
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", page)
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_every_section_is_there(page, evaluation):
    """Each link of the table of contents leads somewhere, and the figures are those of the record."""
    targets = re.findall(r'href="#(\w+)"', page)
    assert len(targets) >= 7
    assert all(f'id="{target}"' in page for target in targets)
    value = evaluation["protocols"]["work"]["balanced_accuracy"]["value"]
    assert f"{value:.3f}" in page
    assert all(
        sentence.split(":")[0].replace("'", "&#39;") in page for sentence in evaluation["audit"]["sentences"][:1]
    )


def test_what_was_not_asked_for_is_left_out(evaluation):
    """Without open set and attention the page has no such sections, and no dead links."""
    plain = {key: value for key, value in evaluation.items() if key != "open_set"}
    page = render_evaluation(plain, title="x")
    assert 'id="open"' not in page
    assert 'href="#attention"' not in page
