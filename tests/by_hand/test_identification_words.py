"""Where evidence stands, and an answer in words, each worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from music_cases import score_of
from styleprint.bundle.identification import Identification
from styleprint.explaining.evidence_places import find_places
from styleprint.explaining.explanation import Explanation, FeatureRanges
from styleprint.music.score import Measures
from styleprint.reports.identification_page import look_at_answer, render_identifications
from styleprint.reports.identification_words import (
    join_names,
    tell_copy,
    tell_evidence,
    tell_likeliest,
    tell_places,
    tell_share,
    tell_typicality,
    tell_verdict,
)
from styleprint.workflows.identify import tell_answer

ANSWER = {
    "path": "a <b>.mid",
    "status": "ok",
    "copy_of": None,
    "label": "Bach",
    "probability": 0.7,
    "probabilities": {"Bach": 0.7, "Mozart": 0.2, "Haydn": 0.1},
    "prior": "corpus",
    "candidates": ["Bach"],
    "typicality": {"Bach": 0.4, "Mozart": 0.05, "Haydn": 0.01},
    "verdict": "identified",
    "evidence": [
        {"name": "mean_pitch, higher than in 90 % of pieces", "weight": 0.5},
        {"name": "bass: +2", "weight": -0.25, "onset_quarters": [0.5, 30.0]},
    ],
    "nearest": [{"path": "Bach/<i>.mid", "label": "Bach", "work": "bwv-1", "similarity": 0.5}],
    "warnings": [],
    "seconds": 0.1,
}


def piece(pickup=0.0, bars=True):
    """40 quarters, a note each half quarter; bars of four quarters, after a pickup where there is one."""
    score = score_of(np.full(80, 60))
    starts = np.arange(pickup, 40.0, 4.0)
    starts = np.concatenate([[0.0], starts]) if pickup else starts
    if not bars:
        return score
    lengths = np.diff(np.append(starts, 40.0))
    return replace(score, measures=Measures(starts, lengths, ("",) * len(starts)))


def test_places_are_bars():
    """0.5 quarters is in bar 1, 30 in bar 8; a feature of the whole piece has no place."""
    places = find_places(piece(), ANSWER["evidence"])
    assert places.names == ((), ("bar 1", "bar 8"))
    (first,) = places.passages
    assert (first.name, first.start_quarters, first.quarters) == ("bars 1 to 4", 0.0, 16.0)
    assert first.marks == ((0.5, (2,)),)
    assert first.seconds == 8.0
    assert len(first.notes) == 32
    assert first.notes[0] == (0.0, 0.5, 60, 0)


def test_a_second_passage_shows_what_the_first_does_not():
    """Patterns far apart get a passage each, in the order of the piece; one moment may hold two patterns."""
    evidence = [{"onset_quarters": [33.0]}, {"onset_quarters": [1.0]}, {"onset_quarters": [33.0]}]
    places = find_places(piece(), evidence)
    assert [p.name for p in places.passages] == ["bars 1 to 4", "bars 9 to 10"]
    assert places.passages[1].marks == ((1.0, (1, 3)),)
    assert places.passages[1].quarters == 8.0


def test_a_pickup_is_bar_0():
    """As editors count; printed labels come first."""
    assert find_places(piece(pickup=1.0), ANSWER["evidence"]).names[1] == ("bar 0", "bar 8")
    score = piece()
    printed = replace(score.measures, label=("12a",) + ("",) * 9)
    assert find_places(replace(score, measures=printed), ANSWER["evidence"]).names[1] == ("bar 12a", "bar 8")


def test_without_bars_places_are_quarters():
    """Counted from 1; the passage begins a little before."""
    places = find_places(piece(bars=False), ANSWER["evidence"])
    assert places.names[1] == ("quarter 1.5", "quarter 31")
    assert places.passages[0].name == "quarters 1 to 16"


def test_long_notes_are_cut_to_the_passage():
    """A note that began before it is shown from its beginning on, one that outlasts it to its end."""
    score = piece()
    long = replace(score, duration_quarters=np.full(80, 20.0))
    passage = find_places(long, [{"onset_quarters": [18.0]}]).passages[0]
    assert passage.start_quarters == 16.0
    assert min(onset for onset, *_ in passage.notes) == 0.0
    assert max(onset + duration for onset, duration, *_ in passage.notes) == 16.0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Typical of Bach alone."),
        ({"verdict": "undecided", "candidates": ["Bach", "Mozart", "Haydn"]}, "it could be Bach, Mozart or Haydn."),
        (
            {"verdict": "undecided", "candidates": ["Mozart", "Haydn"]},
            "untypical of Bach, the likeliest; not excluded: Mozart and Haydn.",
        ),
        ({"verdict": "none_of_these", "candidates": []}, "None of these"),
    ],
)
def test_the_verdict_in_words(changed, words):
    """One sentence a verdict."""
    assert words in tell_verdict(ANSWER | changed)


def test_the_command_says_that_the_likeliest_is_untypical():
    """The likeliest is not among those that are left, and the line does not speak as if it were."""
    likely = {"label": "Bach", "probability": 0.92, "verdict": "undecided", "candidates": ("Mozart", "Haydn")}
    line = tell_answer(Identification("a.mid", **likely)).splitlines()[0]
    assert line == "a.mid: undecided: untypical of the likeliest, Bach (0.92); not excluded: Mozart, Haydn"


def test_how_far_to_trust_it_in_words():
    """Probability with its prior, never rounded up to certainty; what is excluded and at which risk."""
    assert (
        tell_likeliest(ANSWER) == "Likeliest: Bach, with probability 0.700 if classes are as common as in its corpus."
    )
    assert [tell_share(p) for p in (1.0, 0.9995, 0.5, 0.0)] == ["over 0.999", "over 0.999", "0.500", "under 0.001"]
    assert "over 0.999 if all" in tell_likeliest(ANSWER | {"probability": 0.99991, "prior": "equal"})
    assert tell_typicality(ANSWER).startswith("Mozart and Haydn are excluded: at most one in twenty")
    assert tell_typicality(ANSWER | {"candidates": ["Bach", "Mozart", "Haydn"]}) == "No class is excluded."
    many = {f"c{n}": 0.01 for n in range(9)}
    assert "and 3 others are excluded" in tell_typicality(ANSWER | {"typicality": many, "candidates": []})
    assert "shares a passage with" in tell_copy({"kind": "excerpt", "path": "x", "label": "Bach"})
    assert [join_names(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_places_in_words():
    """Bars of one kind are told together."""
    assert tell_places(()) == ""
    assert tell_places(("bar 3",)) == "bar 3"
    assert tell_places(("bar 1", "bar 2", "bar 12a")) == "bars 1, 2 and 12a"


def behind(places, *features):
    """What is behind the answer."""
    return Explanation(Identification("a.mid"), places, features)


def test_a_value_stands_beside_the_ranges_of_the_likeliest_classes():
    """All on one scale, from the least number shown to the largest; within or outside is said in words."""
    evidence = [{"name": "rest_share, higher than in 90 % of pieces", "weight": 1.0}]
    ranges = {"Bach": (0.0, 0.1, 0.2), "Mozart": (0.3, 0.4, 0.5)}
    feature = FeatureRanges(1, "rest_share", 0.35, ranges)
    view = look_at_answer(ANSWER | {"evidence": evidence}, behind(None, feature), {})
    (row,) = view.evidence
    assert row.value == "0.35"
    shown = {one.name: one for one in row.ranges}
    assert {name: one.words for name, one in shown.items()} == {"Bach": "0 to 0.2", "Mozart": "0.3 to 0.5"}
    assert (shown["Bach"].is_inside, shown["Mozart"].is_inside) == (False, True)
    assert shown["Bach"].low == 3.0
    assert shown["Mozart"].high == 97.0
    assert abs(shown["Bach"].here - (3 + 94 * 0.7)) < 1e-9


def test_marks_that_are_near_share_their_label():
    """Two patterns a quarter of a quarter apart: one line, both numbers; those far apart keep their own."""
    evidence = [{"name": "bass: +2", "weight": 1.0, "onset_quarters": [onset]} for onset in (0.0, 0.25, 8.0)]
    view = look_at_answer(ANSWER | {"evidence": evidence}, behind(find_places(piece(), evidence)), {})
    assert ">1, 2</text>" in view.rolls[0].figure
    assert ">3</text>" in view.rolls[0].figure


def test_evidence_in_words():
    """A feature by its description, a pattern by what its view is made of, anything else as it is."""
    words = {"mean_pitch": "Mean of the pitches."}
    assert tell_evidence("mean_pitch, higher than in 90 % of pieces", words)[1] == "Mean of the pitches."
    assert tell_evidence("bass: +2", words) == ("bass: +2", "steps of the lowest note, in semitones")
    assert tell_evidence("something: else, with a comma", words) == ("something: else, with a comma", "")


def test_a_page_to_keep_holds_it_all():
    """Names escaped, excluded classes said to be, the roll with the pattern's number, failures with their reason."""
    view = look_at_answer(ANSWER, behind(find_places(piece(), ANSWER["evidence"])), {})
    failed = look_at_answer({"path": "b.mid", "status": "empty", "reason": "It has no pitched notes."}, None, {})
    source = {"model": "standard", "styleprint": "0", "classes": ["Bach"], "pieces": 3, "identity": "ab" * 32}
    page = render_identifications([view, failed], source=source)
    assert "a &lt;b&gt;.mid" in page
    assert "Bach/&lt;i&gt;.mid" in page
    assert page.count('<td class="text">excluded</td>') == 2
    assert ">2</text>" in page
    assert "It holds no pitched notes." in page
    assert "<script" not in page
    assert [row.share for row in view.evidence] == [1.0, 0.5]
    assert view.rolls[0].notes.startswith("0.000,0.250,60 0.250,0.250,60 ")
