"""What models of language know of theory, on game music and on chorales, and an older reading done again (issue 13).

    python benchmarks/knowledge.py DATA [--corpora game-piano,chorales] [--model language-lstm] [--out FOLDER]
    python benchmarks/knowledge.py DATA --probes [--folds 0,1,2,3,4] …

A model learns from four of five folds of a corpus, the first held out, as all benchmarks of language divide it; it is
kept in ``OUT/CORPUS.fold-0.MODEL.styleprint``. Then all tests of knowledge: effect with interval, where 95 % of
permutations and of untrained models lie, p after Holm, and a sentence each.

The older reading: in a network of 512 numbers a token, similarities of .40 between notes were read as theory, and .11
or .12 between durations as its absence; A2 was found near A, B and C sharp, and the nearest were explained once they
were known. Done again: what random vectors of that width give; whether the nearest of *every* pitch lie in its major
scale, against all orders of the pitches and against mere nearness in height, with A2 and D3 as the two that were named;
and how many durations have a nearest above what chance gives.

With ``--probes`` what hidden states tell of key, place in the measure and cadence, in place of all that: for each fold
a model learns from the pieces of the other folds; of the pieces held out four fifths teach a probe, and the others are
asked, in turn. So no state is of music that the model has learnt. Models are kept as
``OUT/CORPUS.fold-K.MODEL.styleprint``.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from language_data import CORPORA, learnt_of_fold, read_corpus, scores_of, splits_of
from styleprint.bundle.language import LanguageBundle
from styleprint.corpus.splits import grouped_splits
from styleprint.generation.knowledge import Finding, TokenVectors, chance_similarity, similarity_of
from styleprint.generation.neighbours import embeddings_of, knowledge_of
from styleprint.generation.probes import probe_states, probed_piece
from styleprint.models.language.registry import LANGUAGE_MODELS

SEED = 0
OLD_WIDTH, OLD_NOTES, OLD_DURATIONS = 512, 383, 174
"""Of the older network: numbers a token, tokens of notes and chords, tokens of durations."""

OLD_SIMILARITIES = {"notes": (0.40, OLD_NOTES), "durations": (0.11, OLD_DURATIONS)}
NAMED = {"A2": 45, "D3": 50}
MAJOR = (0, 2, 4, 5, 7, 9, 11)
NEAREST = 5
DEALS = 999
INNER_FOLDS = 5


def main() -> None:
    """Print tables and sentences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--corpora", default=",".join(CORPORA))
    parser.add_argument("--model", default="language-lstm", choices=list(LANGUAGE_MODELS))
    parser.add_argument("--probes", action="store_true")
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    if asked.probes:
        for name in asked.corpora.split(","):
            probes(asked, name)
        return
    arithmetic()
    for name in asked.corpora.split(","):
        rows, groups = read_corpus(name, asked.data, asked.out)
        bundle = learnt_of_fold(name, asked.out, rows, groups, 0, model=asked.model)
        print(f"\n{name}, {asked.model}: {len(bundle.pieces)} pieces of {len(set(bundle.pieces))} groups learnt from")
        for finding in knowledge_of(bundle, seed=SEED):
            tell(finding)
        older_reading(bundle)


def probes(asked: argparse.Namespace, name: str) -> None:
    """Sentences on states of pieces that the models have not learnt from."""
    rows, groups = read_corpus(name, asked.data, asked.out)
    scores = scores_of(name, asked.data, asked.out)
    folds = list(map(int, asked.folds.split(",")))
    held = [splits_of(rows, groups)[fold][1] for fold in folds]
    pieces = [probed_piece(scores[int(i)], seed=SEED) for test in held for i in test]
    own = [groups[i] for test in held for i in test]
    start = np.cumsum([0, *map(len, held)])
    splits, fold_of = [], []
    for number, test in enumerate(held):
        inner = grouped_splits([""] * len(test), [groups[i] for i in test], folds=INNER_FOLDS, seed=SEED)
        splits += [(start[number] + learn, start[number] + ask) for learn, ask in inner]
        fold_of += [folds[number]] * len(inner)
    models: dict[int, Any] = {}

    def model_of(number: int) -> Any:
        fold = fold_of[number]
        if fold not in models:
            models[fold] = learnt_of_fold(name, asked.out, rows, groups, fold, model=asked.model).estimator
        return models[fold]

    print(f"\n{name}, {asked.model}: states, {len(folds)} folds of five")
    for found in probe_states(pieces, own, splits, model_of, seed=SEED):
        print(f"  {found.sentence}")
        for what, gain in (("untrained", found.above_untrained), ("the last events", found.above_inputs)):
            print(f"    above {what}: {gain['value']:+.3f} ({gain['low']:+.3f} to {gain['high']:+.3f})", flush=True)


def tell(finding: Finding) -> None:
    """A row of the table, and the sentence."""
    spans = [
        f"{one:+.2f} to {other:+.2f}"
        for one, other in (
            (finding.low, finding.high),
            (finding.chance_low, finding.chance_high),
            (finding.untrained_low, finding.untrained_high),
        )
    ]
    print(
        f"  {finding.name:20s} {finding.field:12s} {finding.tokens:4d} tokens  {finding.effect:+.3f} "
        f"(interval {spans[0]}; permuted {spans[1]}; untrained {spans[2]}; p {finding.p_value:.4f}, "
        f"Holm {finding.p_holm:.3f})"
    )
    print(f"    {finding.sentence}", flush=True)


def arithmetic() -> None:
    """What random vectors of the older network's size give."""
    print("The older reading: what random vectors would have given")
    for name, (value, tokens) in OLD_SIMILARITIES.items():
        deviation, largest = chance_similarity(OLD_WIDTH, tokens - 1)
        half = (OLD_WIDTH - 1) / 2
        alone = float(stats.beta.sf((1 + value) / 2, half, half))
        among = -np.expm1((tokens - 1) * np.log1p(-alone))
        print(
            f"  {name}: {tokens} tokens of {OLD_WIDTH} numbers: deviation {deviation:.3f}, the largest of the others "
            f"about {largest:.2f}; {value:.2f} is {value / deviation:.1f} deviations, and the largest reaches it by "
            f"chance with probability {among:.2g}"
        )


def older_reading(bundle: LanguageBundle) -> None:
    """Nearest pitches and durations of a model of ours, with baselines."""
    by_field = {vectors.field: vectors.compared() for vectors in embeddings_of(bundle)}
    pitches_in_scale(by_field["pitch"])
    for field in ("duration", "shift"):
        nearest_times(by_field[field])


def pitches_in_scale(vectors: TokenVectors) -> None:
    """Which of the nearest of each pitch lie in the major scale that begins on it."""
    pitch = vectors.values.astype(int)
    cosines = similarity_of(vectors.vectors)
    np.fill_diagonal(cosines, -2)
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]
    distance = np.abs(pitch[:, None] - pitch[None, :]).astype(float)
    np.fill_diagonal(distance, np.inf)
    by_height = np.argsort(distance, axis=1, kind="stable")[:, :NEAREST]
    own = in_scale(pitch, nearest)
    rng = np.random.default_rng(SEED)
    dealt = np.array([in_scale(rng.permutation(pitch), nearest).mean() for _ in range(DEALS)])
    low, high = np.percentile(dealt, (2.5, 97.5))
    p_value = (1 + np.sum(dealt >= own.mean() - 1e-12)) / (1 + DEALS)
    deviation, largest = chance_similarity(vectors.vectors.shape[1], len(pitch) - 1)
    print(
        f"  nearest {NEAREST} of all {len(pitch)} pitches that lie in the major scale on them: {own.mean():.3f}; "
        f"pitches dealt anew {low:.3f} to {high:.3f} (p {p_value:.3f}); the nearest in height "
        f"{in_scale(pitch, by_height).mean():.3f}"
    )
    for name, midi_pitch in NAMED.items():
        if midi_pitch not in pitch:
            print(f"    {name}: too rare here")
            continue
        row = int(np.flatnonzero(pitch == midi_pitch)[0])
        shown = ", ".join(f"{pitch[i] - midi_pitch:+d} {cosines[row, i]:.2f}" for i in nearest[row])
        better = float(np.mean(own >= own[row]))
        print(
            f"    {name}: {shown} (semitones, cosine; deviation by chance {deviation:.2f}, largest {largest:.2f}): "
            f"{own[row]:.1f} in its scale; so many or more have {better:.0%} of the pitches"
        )


def in_scale(pitch: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    """Of each pitch the share of these others that lie in the major scale on it."""
    return np.isin((pitch[nearest] - pitch[:, None]) % 12, MAJOR).mean(axis=1)


def nearest_times(vectors: TokenVectors) -> None:
    """How many have a nearest above what the largest of as many random vectors is in 95 of 100 cases."""
    n, width = vectors.vectors.shape
    cosines = similarity_of(vectors.vectors)
    np.fill_diagonal(cosines, -2)
    rng = np.random.default_rng(SEED)
    drawn = []
    for _ in range(DEALS):
        random = rng.standard_normal((n, width))
        chance = similarity_of(random)
        np.fill_diagonal(chance, -2)
        drawn.append(chance.max(axis=1))
    limit = float(np.percentile(np.concatenate(drawn), 95))
    largest = cosines.max(axis=1)
    ratio = vectors.values[cosines.argmax(axis=1)] / vectors.values
    simple = np.isin(np.round(np.log2(ratio), 9), (-1.0, 1.0))
    print(
        f"  nearest {vectors.field} of each of {n}: median cosine {np.median(largest):.2f}, most {largest.max():.2f}; "
        f"by chance {np.median(drawn):.2f}, and above {limit:.2f} for one in 20: {np.mean(largest > limit):.0%} lie "
        f"above; the nearest is the half or the double of {simple.sum()}"
    )


if __name__ == "__main__":
    main()
