"""The audit in sentences: for a musicologist who has never trained a model."""

import math
from collections.abc import Mapping
from typing import Any

from styleprint.evaluation.intervals import MIN_GROUPS, TOO_FEW
from styleprint.evaluation.registry import headline_of

__all__ = ["audit_sentences", "percent", "with_interval"]

Figures = Mapping[str, Any]


def percent(share: float) -> str:
    """A share as text: 0.8812 → ``88.1 %``."""
    return f"{100 * share:.1f} %"


def with_interval(figure: Mapping[str, float]) -> str:
    """A figure and its interval as text: ``88.1 % (95 % interval 86.0–90.2 %)``."""
    return f"{percent(figure['value'])} (95 % interval {100 * figure['low']:.1f}–{100 * figure['high']:.1f} %)"


def _points(gap: float) -> str:
    return f"{100 * abs(gap):.1f} points {'more' if gap >= 0 else 'less'}"


_MAKE = (
    "how the files were made (of scores the resolution, timing grid, tempo and loudness; of recordings the length, "
    "rate, coding, level and bandwidth)"
)


def audit_sentences(
    counts: Figures,
    protocols: Mapping[str, Figures],
    baseline: Mapping[str, float],
    tests: Figures,
    classes: tuple[str, ...],
) -> list[str]:
    """What the audit found, most important first.

    Parameters
    ----------
    counts, protocols, baseline, tests, classes
        As :func:`styleprint.evaluation.audit.audit` takes them.
    """
    headline = headline_of(protocols)
    return [
        *_headline(headline, protocols[headline], baseline, classes),
        *_leakage(counts, protocols),
        *_conflicts(counts),
        *_probe(_MAKE, tests.get("make_probe")),
        *_probe("tracks and instruments", tests.get("instrumentation_probe")),
        *_source(tests.get("source_held_out"), protocols[headline]),
        *_reencoding(tests.get("reencoding")),
        *_permutation(tests.get("permutation")),
        *_calibration(protocols[headline]),
        *_open_set(tests.get("open_set")),
        *_too_few(protocols[headline]),
    ]


def _headline(protocol: str, figures: Figures, baseline: Mapping[str, float], classes: tuple[str, ...]) -> list[str]:
    asked = {
        "work": "about works that it had never met in any form",
        "distinct": "about pieces of which it had met no copy, though perhaps other movements of the same work",
        "random": "about files drawn at random, of which it may have met copies",
        "given": "about the test pieces of the given split",
    }[protocol]
    balanced, plain = figures["balanced_accuracy"], figures["accuracy"]
    may_be_quoted = "The number to quote" if protocol == "work" else "The number found, which says nothing of new works"
    if protocol == "given":
        may_be_quoted = "The number found, good for comparison on this split"
    return [
        f"{may_be_quoted} is {with_interval(balanced)}: asked {asked}, the model names the right one of "
        f"{len(classes)} labels that often when each label counts alike (balanced accuracy).",
        f"Counted by pieces it is right for {with_interval(plain)}. Without hearing a note, always answering with the "
        f"commonest label is right for {percent(baseline['accuracy'])} of the pieces, "
        f"and for {percent(baseline['balanced_accuracy'])} when each label counts alike.",
        f"About the pieces that it learnt from it is right for {percent(figures['train_accuracy'])}, "
        f"{_points(figures['gap_to_training'])} than about those that it had not seen.",
    ]


def _leakage(counts: Figures, protocols: Mapping[str, Figures]) -> list[str]:
    found = [
        f"A random division of the files would put copies of the same music on both sides for "
        f"{counts['copies_across_random_split']} pieces, and files of one work for "
        f"{counts['works_across_random_split']} works; {percent(counts['tested_beside_their_work'])} of the files "
        f"would be tested by a model that has learnt another file of their work."
    ]
    values = {name: protocols[name]["balanced_accuracy"]["value"] for name in protocols}
    if "random" in values and "work" in values:
        found.append(
            f"With such a random division the same model reaches {percent(values['random'])}, "
            f"{_points(values['random'] - values['work'])} than by work: this is the figure that most studies report, "
            f"and it must not be read as skill with unknown works."
        )
    if "distinct" in values and "work" in values:
        found.append(
            f"Without copies, but with movements of a work on both sides, it reaches {percent(values['distinct'])} "
            f"({_points(values['distinct'] - values['work'])} than by work)."
        )
    return found


def _conflicts(counts: Figures) -> list[str]:
    if not counts["label_conflicts"]:
        return ["No piece stands under two labels."]
    files = f"({counts['label_conflict_files']} files)"
    are = "1 piece stands" if counts["label_conflicts"] == 1 else f"{counts['label_conflicts']} pieces stand"
    return [
        f"{are} under more than one label {files}. "
        f"At least one of the labels is wrong; these files were neither learnt nor scored."
    ]


def _probe(what: str, found: Figures | None) -> list[str]:
    if found is None:
        return []
    if not found["applies"]:
        return [f"Whether the label can be told from {what} was not tested. {found['reason']}"]
    text = (
        f"A classifier that hears no note and sees only {what} names the right label for "
        f"{with_interval(found['balanced_accuracy'])} when each label counts alike."
    )
    if found["errors"] > 0:
        text += (
            f" Where it is wrong, these marks do not help; there the model is still right for "
            f"{with_interval(found['model_where_it_errs'])} of the pieces."
        )
    return [text]


def _source(found: Figures | None, headline: Figures) -> list[str]:
    if found is None:
        return []
    if not found["applies"]:
        return [f"Whether the model depends on the source of the files cannot be tested here. {found['reason']}"]
    return [
        f"Asked about files from sources or encoders that it had not learnt from, the model is right for "
        f"{with_interval(found['accuracy'])} of {found['rows']} files ({percent(headline['accuracy']['value'])} of all "
        f"pieces in the usual test by work)."
    ]


def _reencoding(found: Figures | None) -> list[str]:
    if not found:
        return []
    name, worst = max(found.items(), key=lambda item: item[1]["changed"]["value"])
    ways = f"Writing the same music down differently ({', '.join(name.replace('_', ' ') for name in found)})"
    if worst["changed"]["value"] == 0:
        return [f"{ways} changes none of the answers."]
    return [f"{ways} changes at most {percent(worst['changed']['value'])} of the answers (most with: {name})."]


def _permutation(found: Figures | None) -> list[str]:
    if found is None or not found.get("applies", True):
        return []
    is_chance = found["p_value"] > 0.05
    return [
        f"If labels had nothing to do with the music, a simple model would reach {percent(found['chance_mean'])} on "
        f"average; on the true labels it reaches {percent(found['observed'])} (p = {found['p_value']:.3g} in "
        f"{found['permutations']} exchanges of labels between works)"
        + (": that may be chance." if is_chance else ": that is not chance.")
    ]


def _calibration(figures: Figures) -> list[str]:
    ece = figures["ece"]
    is_good = ece["value"] <= ece["if_perfect"]["high"]
    return [
        f"Its probabilities are off by {percent(ece['value'])} on average; a model whose probabilities were exactly "
        f"true would show {percent(ece['if_perfect']['low'])} to {percent(ece['if_perfect']['high'])} with that number "
        f"of pieces, so they {'may be taken at their word' if is_good else 'should be read with that much caution'}."
    ]


def _open_set(found: Figures | None) -> list[str]:
    if found is None or not found["applies"] or not math.isfinite(found["detection"]):
        return []
    return [
        f"Asked about a label that it never learnt, it answers 'none of these' for {percent(found['detection'])} of "
        f"the pieces, and wrongly so for {percent(found['false_alarms'])} of the pieces whose label it knows "
        f"(area under the curve {found['auroc_typicality']:.2f}, 95 % interval {found['auroc_typicality_low']:.2f}–"
        f"{found['auroc_typicality_high']:.2f}, where .5 is guessing)."
    ]


def _too_few(figures: Figures) -> list[str]:
    names = [name for name, entry in figures["per_class"].items() if entry["intervals"] == TOO_FEW]
    if not names:
        return []
    return [f"{', '.join(names)}: too few works (under {MIN_GROUPS}) for an interval of its own figures."]
