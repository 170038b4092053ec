"""A folder of scores, labelled or not, becomes a bundle that can continue music."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.bundle.language import LanguageBundle, save_language_bundle
from styleprint.corpus.known_passages import TICKS_A_QUARTER, KnownPassages
from styleprint.features.streams.events import SHIFT_TICKS
from styleprint.generation.piece_states import piece_vectors
from styleprint.models.language.hearing import INTERVALS, MET, hear
from styleprint.models.language.registry import make_language_model
from styleprint.models.language.rows import FIELDS, SIZES, EventRows
from styleprint.support.errors import UsageError
from styleprint.version import __version__
from styleprint.workflows.language_rows import LanguageRows, read_language_rows
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.parameters import read_parameters
from styleprint.workflows.result import TextResult

__all__ = ["known_passages", "refuse_options", "token_counts", "train_language"]

_TEMPO_QPM = 120.0
"""Events know no tempo; this is the one of a MIDI file that names none."""


def train_language(
    source: Path,
    output: Path,
    *,
    model: str,
    parameters: Path | None = None,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> TextResult:
    """Learn to continue the pieces of a folder, and write what was learnt as one file.

    Parameters
    ----------
    source : Path
        A folder of scores; labels are not needed and not looked at.
    output : Path
        The bundle.
    model : str
        Name in the registry of models of language.
    parameters : Path, optional
        TOML: ``model`` and a table ``parameters``.
    corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source or the model cannot serve.
    """
    run = run or RunOptions()
    estimator = make_language_model(model, read_parameters(parameters, model), seed=run.seed)
    found = read_language_rows(source, corpus or CorpusOptions(), run)
    with run.learning():
        estimator.fit(found.rows, groups=found.groups)
    bundle = LanguageBundle(
        model=model,
        estimator=estimator,
        recipe=found.recipe,
        pieces=found.paths,
        passages=known_passages(found.rows),
        counts=token_counts(found.rows),
        tempo_qpm=_TEMPO_QPM,
        card=_card(model, estimator, source, found),
        vectors=piece_vectors(estimator, found.rows, run.progress).astype(np.float32),
    )
    save_language_bundle(bundle, output)
    return _describe(model, output, estimator, found)


def _describe(model: str, output: Path, estimator: Any, found: LanguageRows) -> TextResult:
    """What was learnt, for people and as JSON."""
    as_json = {
        "bundle": str(output),
        "bytes": output.stat().st_size,
        "model": model,
        "pieces": len(found.paths),
        "events": estimator.n_events_,
        "parameters": estimator.n_parameters_,
        "curve": estimator.curve_,
        "failed": found.failed,
        "notes": list(found.notes),
    }
    size = output.stat().st_size / 1e6
    text = f"{len(found.paths)} pieces, {estimator.n_events_} notes learnt: {output} ({size:.1f} MB)"
    lines = [text, _course(estimator.curve_), *found.notes]
    if found.failed:
        lines.append(f"{found.failed} files could not be read; 'styleprint scan' says why.")
    return TextResult("\n".join(lines), as_json, found.failed)


def _course(curve: Sequence[Mapping[str, float]]) -> str:
    """How bits fell from epoch to epoch."""
    key, of = ("held_out_bits", "held out") if "held_out_bits" in curve[-1] else ("bits", "learnt from")
    return f"Bits a note {of}, after each epoch: {', '.join(f'{point[key]:.2f}' for point in curve)}."


def refuse_options(**given: Any) -> None:
    """What belongs to models that identify alone.

    Raises
    ------
    UsageError
        U115.
    """
    if wrong := [f"--{name}" for name, value in given.items() if value]:
        raise UsageError(
            "U115",
            f"{', '.join(wrong)} belongs to models that identify, and this is a model of language.",
            remedy="Leave it out; every piece is transposed in learning as it is.",
        )


def known_passages(rows: EventRows) -> KnownPassages:
    """What the pieces have, for the check of copying."""
    return KnownPassages.of(
        (np.cumsum(SHIFT_TICKS[row[:, 0]]) / TICKS_A_QUARTER, row[:, 1], row[:, 2])
        for row in (rows.row(i) for i in range(len(rows)))
    )


def token_counts(rows: EventRows) -> dict[str, npt.NDArray[np.int64]]:
    """How often each token of each field occurs, and as ``interval`` each interval from a note to one that sounds."""
    counts = {
        field: np.bincount(rows.events[:, i], minlength=size).astype(np.int64)
        for i, (field, size) in enumerate(zip(FIELDS, SIZES, strict=True))
    }
    intervals = np.zeros(INTERVALS, dtype=np.int64)
    for i in range(len(rows)):
        intervals += np.bincount(hear(rows.row(i))[:, MET[2]].reshape(-1), minlength=INTERVALS)
    return counts | {"interval": intervals[1:]}


def _card(model: str, estimator: Any, source: Path, found: LanguageRows) -> str:
    best = min((point["held_out_bits"] for point in estimator.curve_ if "held_out_bits" in point), default=None)
    held = (
        "nothing was held out" if best is None else f"{best:.2f} bits a note on the works held out to choose the epoch"
    )
    return "\n".join(
        [
            f"# A model of language: {model}",
            "",
            f"Learnt by styleprint {__version__} from {source.resolve().name}: {len(found.paths)} pieces of "
            f"{len(set(found.groups))} works, {estimator.n_events_} notes. {estimator.n_parameters_} weights.",
            "",
            f"After {len(estimator.curve_)} epochs: {held}. That figure chose the epoch and flatters; 'styleprint "
            "evaluate' measures on works that nothing was chosen by.",
            "",
            "It continues music of this kind. It is no judge of who wrote a piece, and what it writes may hold "
            "passages of what it learnt from.",
            "",
        ]
    )
