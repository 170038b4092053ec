"""A comparison of models in sentences: what "better" means here, and who is."""

from collections.abc import Sequence

from styleprint.evaluation.comparison_record import Comparison
from styleprint.evaluation.metrics import LOWER_IS_BETTER
from styleprint.evaluation.paired import MIN_FITS, ROPE
from styleprint.evaluation.sentences import percent

__all__ = ["ALPHA", "comparison_sentences", "verdict"]

ALPHA = 0.05
_SURE = 0.95

_KEPT_APART = {
    "work": "groups (works, artists) that no model had met",
    "distinct": "pieces of which no model had met a copy, though perhaps other pieces of their group",
    "random": "rows drawn at random, whose copies and groups the models may have met",
    "given": "the test rows of the given split",
}


def verdict(p_holm: float | None, mean: float, p_equivalent: float) -> str:
    """What the tests say of one model against the reference.

    Returns
    -------
    str
        ``better`` or ``worse`` where Holm's p is below .05; else ``equivalent`` where the posterior says so with
        95 %; else ``undecided``; ``untested`` where there was no test.
    """
    if p_holm is None:
        return "untested"
    if p_holm < ALPHA:
        return "better" if mean > 0 else "worse"
    return "equivalent" if p_equivalent >= _SURE else "undecided"


def comparison_sentences(found: Comparison) -> list[str]:
    """The sentences, most important first."""
    return [_meaning(found), *_choice(found), *_against_reference(found), *_training(found), *_failed(found)]


def _meaning(found: Comparison) -> str:
    metric = found.metric.replace("_", " ")
    direction = "lower" if found.metric in LOWER_IS_BETTER else "higher"
    fits = f"{found.folds} folds × {found.repeats}" if found.folds > 1 else "one split"
    return (
        f"Here 'better than {found.reference}' means: {direction} {metric} on {_KEPT_APART[found.protocol]}, in the "
        f"same {fits}, with a difference that would come by chance in less than 5 % of comparisons like this one "
        f"(corrected for training sets that overlap and for {len(found.paired)} comparison"
        f"{'' if len(found.paired) == 1 else 's'}). A difference below {100 * ROPE:.0f} point counts as none."
    )


def _choice(found: Comparison) -> list[str]:
    best = next(iter(found.models))
    value = found.models[best][found.metric]["value"]
    if not found.nested["applies"]:
        return [
            f"{best} has the best figure, {_shown(found, value)}; being the best of {len(found.models)}, it is "
            f"somewhat too good. {found.nested['reason']}"
        ]
    figure = found.nested[found.metric]
    chosen = found.nested["chosen"]
    counts = ", ".join(f"{name} {chosen.count(name)}" for name in dict.fromkeys(chosen))
    return [
        f"{best} has the best figure, {_shown(found, value)}. The figure to quote for 'take the best' is "
        f"{_shown(found, figure['value'])} (95 % interval {_shown(found, figure['low'])} to "
        f"{_shown(found, figure['high'])}): in each fold the model was chosen by inner folds of the training rows "
        f"alone (chosen: {counts})."
    ]


def _shown(found: Comparison, value: float) -> str:
    return f"{value:.3f}" if found.metric in LOWER_IS_BETTER else percent(value)


def _against_reference(found: Comparison) -> list[str]:
    verdicts: dict[str, list[str]] = {}
    for name, entry in found.paired.items():
        test = entry["test"]
        key = verdict(entry["p_holm"], test.mean, test.p_equivalent) if test is not None else "untested"
        verdicts.setdefault(key, []).append(name)
    if "untested" in verdicts:
        fits = found.folds * found.repeats
        return [
            f"No test of differences applies, because {fits} fit{'' if fits == 1 else 's'} a model are fewer than "
            f"{MIN_FITS}: add repeats. The intervals over groups stand."
        ]
    texts = {
        "better": "Better than {reference}: {names}.",
        "worse": "Worse than {reference}: {names}.",
        "equivalent": "As good as {reference} in practice, with 95 % posterior probability: {names}.",
        "undecided": "Not told apart from {reference} by these rows, which does not make them equal: {names}.",
    }
    return [
        texts[key].format(reference=found.reference, names=_list(found, verdicts[key]))
        for key in texts
        if key in verdicts
    ]


def _list(found: Comparison, names: Sequence[str]) -> str:
    parts = []
    for name in names:
        entry = found.paired[name]
        scale, unit = (1.0, "") if found.metric in LOWER_IS_BETTER else (100.0, " points")
        digits = 3 if scale == 1.0 else 1
        parts.append(f"{name} ({scale * entry['test'].mean:+.{digits}f}{unit}, p = {entry['p_holm']:.2g})")
    return ", ".join(parts)


def _training(found: Comparison) -> list[str]:
    gaps = {name: entry["gap_to_training"] for name, entry in found.models.items()}
    widest = max(gaps, key=lambda name: gaps[name])
    return [
        f"The gap between training and test accuracy is widest for {widest} ({100 * gaps[widest]:.1f} points). It says "
        f"how much a model remembers, not how well it does: no model was chosen by it."
    ]


def _failed(found: Comparison) -> list[str]:
    return [f"{name} could not learn from this table: {reason}" for name, reason in found.failed.items()]
