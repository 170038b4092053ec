"""What a table says, in sentences: counts first, then differences between labels with intervals."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from styleprint.evaluation.sentences import percent
from styleprint.explaining.table_facts import imbalance_warning

if TYPE_CHECKING:
    from styleprint.explaining.exploration import Exploration

__all__ = ["exploration_sentences"]

_NAMED = 6
_ALPHA = 0.05
_CUT = 0.02


def exploration_sentences(found: "Exploration") -> list[str]:
    """The sentences of an exploration."""
    return [
        _size(found),
        *_classes(found),
        *_gaps(found),
        *_lengths(found),
        *_separation(found),
        *_contrasts(found),
        *_likeness(found),
        *_map(found),
    ]


def _size(found: "Exploration") -> str:
    facts = found.facts
    left_out = f"; {found.left_out} more are not looked at (no label, doubtful, or copies under two labels)"
    return (
        f"{found.rows} rows in {found.groups} groups stand under {len(found.classes)} labels"
        f"{left_out if found.left_out else ''}. Of {len(facts.columns)} columns of numbers, {len(facts.varying)} vary "
        f"and are not copies of another."
    )


def _classes(found: "Exploration") -> list[str]:
    largest, smallest = found.classes[0], found.classes[-1]
    if largest.rows == smallest.rows:
        texts = [f"Each label has {largest.rows} rows."]
    else:
        texts = [
            f"The largest label, {largest.name}, has {percent(largest.share)} of the rows ({largest.rows}), the "
            f"smallest, {smallest.name}, {percent(smallest.share)} ({smallest.rows})."
        ]
    warning = imbalance_warning(found.classes)
    few = [count.name for count in found.classes if count.groups < 10]
    if few:
        texts.append(f"Under ten groups, so that little can be said of them: {_some(few)}.")
    return [*texts, *([warning] if warning else [])]


def _gaps(found: "Exploration") -> list[str]:
    facts, texts = found.facts, []
    if facts.missing:
        worst = sorted(facts.missing, key=lambda name: -facts.missing[name])
        shown = ", ".join(f"{name} {percent(facts.missing[name])}" for name in worst[:_NAMED])
        more = f" and {len(worst) - _NAMED} more" if len(worst) > _NAMED else ""
        texts.append(f"Values are missing in {_columns(len(worst))}: {shown}{more}.")
    else:
        texts.append("No value is missing.")
    if facts.constant:
        says = "is constant and says" if len(facts.constant) == 1 else "are constant and say"
        texts.append(f"{_columns(len(facts.constant))} {says} nothing: {_some(facts.constant)}.")
    if facts.duplicate_columns:
        pairs = [f"{name} = {earlier}" for name, earlier in facts.duplicate_columns]
        says = "is a copy" if len(pairs) == 1 else "are copies"
        texts.append(f"{_columns(len(pairs))} {says} of another: {_some(pairs)}.")
    if facts.duplicate_rows:
        says = "1 row has" if facts.duplicate_rows == 1 else f"{facts.duplicate_rows} rows have"
        texts.append(
            f"{says} the numbers of an earlier row"
            + (f", {facts.duplicate_conflicts} of them under another label" if facts.duplicate_conflicts else "")
            + ": a random split would put such copies on both sides."
        )
    return texts


def _lengths(found: "Exploration") -> list[str]:
    texts = []
    for name in found.facts.lengths:
        if name in found.facts.constant:
            texts.append(f"{name} is the same for all rows: what an extractor cut, not a property of the music.")
            continue
        boxes = found.distributions.get(name, ())
        if boxes:
            low, high = min(box.first for box in boxes), max(box.third for box in boxes)
            shown = f"the middle half of each label lies within {_number(low)} to {_number(high)}"
            texts.append(
                f"{name} is nearly the same for all rows ({shown}): what an extractor cut, not a property of the music."
                if high - low <= _CUT * abs(high)
                else f"{name} is a length; {shown}. Whoever collected the files decided it too: look at figures "
                f"without it."
            )
    return texts


def _separation(found: "Exploration") -> list[str]:
    if not found.separations:
        return ["No column could be tested for differences between labels."]
    different = [entry for entry in found.separations if entry.p_holm < _ALPHA]
    strongest = ", ".join(f"{entry.feature} ({entry.effect:.2f})" for entry in found.separations[:_NAMED])
    return [
        f"{len(different)} of {len(found.separations)} columns differ between labels by more than chance (rank test on "
        f"one value a group, p < .05 after Holm's correction for all of them). The strongest, with the share of rank "
        f"variance that the label explains (ε²): {strongest}."
    ]


def _contrasts(found: "Exploration") -> list[str]:
    texts = []
    effect = {entry.feature: entry for entry in found.separations}
    for each in found.contrasts:
        entry = effect.get(each.feature)
        if entry is None or entry.p_holm >= _ALPHA:
            texts.append(f"{each.feature} does not differ between labels by more than chance.")
            continue
        texts.append(
            f"{each.feature} is highest in {each.high} (median over groups {_number(each.high_median)}) and lowest in "
            f"{each.low} ({_number(each.low_median)}): {_number(each.difference)} apart, interval "
            f"{_number(each.difference_low)} to {_number(each.difference_high)}"
            f"{'' if each.difference_low > 0 else ', so these two may not differ'}."
        )
    if found.contrasts:
        texts.append(
            f"These {found.contrasts[0].comparisons} intervals hold together with 95 % (Bonferroni). The two labels "
            f"were picked as the extremes, which makes their distance look somewhat larger than it is."
        )
    return texts


def _likeness(found: "Exploration") -> list[str]:
    if not found.near_copies:
        return ["No two columns say nearly the same (|ρ| ≥ .95)."]
    pairs = [f"{one} and {other} ({value:+.2f})" for one, other, value in found.near_copies]
    says = "1 pair of columns says" if len(pairs) == 1 else f"{len(pairs)} pairs of columns say"
    return [f"{says} nearly the same (|ρ| ≥ .95): {_some(pairs, 4)}."]


def _map(found: "Exploration") -> list[str]:
    share, chance = found.nearby
    if found.map is None or not math.isfinite(share):
        return []
    return [
        f"On the map of neighbours, the nearest row of another group has the same label for {percent(share)} of "
        f"{len(found.map.rows)} rows; by chance it would for {percent(chance)}."
    ]


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _some(names: Iterable[str], count: int = _NAMED) -> str:
    listed: Sequence[str] = list(names)
    more = f" and {len(listed) - count} more" if len(listed) > count else ""
    return ", ".join(listed[:count]) + more


def _number(value: float) -> str:
    """A number as a person would write it: three digits that count."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:.2e}"
