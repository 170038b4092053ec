"""The whole way on real pieces: learn, evaluate by work, and identify pieces not seen before."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styleprint.workflows.convert import convert
from styleprint.workflows.demo_pieces import CAVEAT, DemoPieces, lay_out_pieces
from styleprint.workflows.evaluate import evaluate
from styleprint.workflows.identify import identify
from styleprint.workflows.options import CorpusOptions, EvaluateOptions, RunOptions
from styleprint.workflows.scan import describe_scan, scan
from styleprint.workflows.train import train

__all__ = ["DemoResult", "run_demo"]

_FOLDS = 5
_LINE = "-" * 72


@dataclass(frozen=True)
class DemoResult:
    """What the demo leaves.

    Attributes
    ----------
    report, bundle : Path
    seconds : float
    """

    report: Path
    bundle: Path
    seconds: float


def run_demo(output: Path, *, run: RunOptions, say: Callable[[str], Any]) -> DemoResult:
    """Go the whole way and say what happens.

    Parameters
    ----------
    output : Path
        Folder for pieces, report and bundle; what is there is used again.
    run : RunOptions
    say : callable
        Called with each line.

    Raises
    ------
    UsageError
        U120, where music21, whose pieces the demo uses, is not installed.
    """
    start = time.monotonic()
    report, bundle, numbers = output / "report.html", output / "demo.styleprint", output / "evaluation.json"
    pieces = lay_out_pieces(output)
    run = RunOptions(run.workers, run.seed, run.cache or output / "cache", run.progress)
    corpus = CorpusOptions()

    _head(say, f"1. What is in {pieces.corpus}")
    say(describe_scan(scan(pieces.corpus, corpus=corpus, run=run)).text)

    _head(say, "2. How well can they be told apart? (whole works are kept out of training)")
    asked = EvaluateOptions(folds=_FOLDS, report=report, json=numbers, notes=(CAVEAT,))
    result = evaluate(pieces.corpus, asked, corpus=corpus, run=run)
    for sentence in result.as_json["audit"]["sentences"]:
        say(f"- {sentence}")
    say(f"- {CAVEAT}")

    _head(say, f"3. Learning from all of them: {bundle}")
    say(train(pieces.corpus, bundle, evaluation=numbers, corpus=corpus, run=run).text)

    _head(say, "4. Pieces that it has not seen")
    _identify_unseen(pieces, bundle, output, run, say)
    seconds = time.monotonic() - start
    say(f"\nDone in {seconds:.0f} s.")
    return DemoResult(report, bundle, seconds)


def _identify_unseen(
    pieces: DemoPieces, bundle: Path, output: Path, run: RunOptions, say: Callable[[str], Any]
) -> None:
    asked = [*pieces.unseen, *pieces.unknown]
    found = identify(bundle, [path for _, path in asked], run=run).as_json
    for (composer, path), answer in zip(asked, found, strict=True):
        is_known = composer in answer["probabilities"]
        say(f"{path.name}: by {composer}{'' if is_known else ', whom it never learnt'}")
        say(f"    {_verdict(answer)}")
    known = sorted(pieces.corpus.rglob("*.mxl"))[0]
    disguised = output / "unseen" / "a known piece as MIDI.mid"
    convert(known, disguised)
    (answer,) = identify(bundle, [disguised], run=run).as_json
    say(f"{disguised.name}: {known.name}, which it has learnt, in another format")
    say(f"    {_verdict(answer)}")


def _verdict(answer: dict[str, Any]) -> str:
    """One line about an answer."""
    if answer["copy_of"]:
        same = "a copy of" if answer["copy_of"]["kind"] == "copy" else "shares a passage with"
        return f"{same} {answer['copy_of']['path']}"
    chances = ", ".join(f"{name} {chance:.2f}" for name, chance in _ranked(answer["probabilities"]))
    typical = ", ".join(f"{name} {value:.2f}" for name, value in _ranked(answer["typicality"]))
    return f"{answer['verdict'].replace('_', ' ')}: {chances} (how typical: {typical})"


def _ranked(values: dict[str, float]) -> Sequence[tuple[str, float]]:
    return sorted(values.items(), key=lambda item: -item[1])


def _head(say: Callable[[str], Any], text: str) -> None:
    say(f"\n{_LINE}\n{text}\n{_LINE}")
