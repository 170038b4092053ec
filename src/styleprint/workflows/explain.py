"""Why does a bundle say what it says of a piece? One file, as a page to keep."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from styleprint.bundle.bundle import Bundle, load_bundle
from styleprint.explaining.explanation import Explanation, explain_answer
from styleprint.extraction.inputs import record_kind
from styleprint.features.registry import load_feature
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.reading import is_bounded, read_record
from styleprint.reading.limits import Limits, raise_limits
from styleprint.reports.engraving import can_engrave, engrave_passages
from styleprint.reports.identification_page import look_at_answer, render_identifications
from styleprint.support.atomic import check_page, write_text
from styleprint.support.errors import UsageError
from styleprint.support.text import show_name
from styleprint.support.workers import map_supervised
from styleprint.workflows.card import describe_bundle
from styleprint.workflows.identify import ask_bundle, tell_answer
from styleprint.workflows.options import RunOptions
from styleprint.workflows.priors import read_prior
from styleprint.workflows.result import TextResult

__all__ = ["describe_features", "engrave", "explain", "explain_record"]


@dataclass(frozen=True)
class _Explainer:
    """Reads a file and asks the bundle, in a worker or in this process.

    Attributes
    ----------
    path : Path
    loaded : Bundle or None
        In this process; a worker loads the file.
    prior : str
    shares : mapping or None
    lenient : bool
    limits : Limits
    engraved : bool
    """

    path: Path
    loaded: Bundle | None
    prior: str
    shares: Mapping[str, float] | None
    lenient: bool
    limits: Limits
    engraved: bool

    def __call__(self, location: str) -> Explanation:
        bundle = self.loaded or load_bundle(self.path)
        record = read_record(Path(location), record_kind(bundle.recipe), limits=self.limits, lenient=self.lenient)
        explained = explain_record(bundle, record, show_name(location), self.prior, self.shares)
        return engrave(explained, record, Path(location).read_bytes()) if self.engraved else explained


def explain_record(
    bundle: Bundle, record: Score | Recording, name: str, prior: str, shares: Mapping[str, float] | None
) -> Explanation:
    """What the bundle says of a score or a recording and why, as every door tells it.

    Parameters
    ----------
    bundle, record, name, prior, shares
        As :func:`styleprint.workflows.identify.answer_record` takes them.
    """
    start = time.perf_counter()
    found, inputs = ask_bundle(bundle, record, name, prior, shares)
    explained = explain_answer(bundle, record, found, inputs)
    return replace(explained, identification=replace(found, seconds=time.perf_counter() - start))


def engrave(explained: Explanation, record: Score | Recording, data: bytes) -> Explanation:
    """The explanation with its passages as they are printed, where the file is notation; else as it is.

    Parameters
    ----------
    explained : Explanation
    record : Score or Recording
    data : bytes
        The file that it was read from.

    Raises
    ------
    UsageError
        U177, without verovio.
    """
    if not isinstance(record, Score) or explained.places is None or not can_engrave(data, record):
        return explained
    return replace(explained, engravings=engrave_passages(data, record, explained.places.passages))


def describe_features(bundle: Bundle) -> dict[str, str]:
    """Column of a feature of the bundle → what it is, in a sentence."""
    entries = [load_feature(name) for name in bundle.recipe.features]
    return {column: entry.description for entry in entries for column in entry.feature.columns}


def explain(
    bundle: Path,
    file: Path,
    output: Path,
    *,
    prior: str = "corpus",
    engraved: bool = False,
    lenient: bool = False,
    limits: Sequence[str] = (),
    run: RunOptions | None = None,
) -> TextResult:
    """Say what the bundle says of a piece, and show why.

    Parameters
    ----------
    bundle : Path
        What :func:`styleprint.train` wrote, of files of music.
    file : Path
    output : Path
        A page that is complete in itself: the verdict, each class, the evidence with the piece's value beside the
        range of each class, the passages in which it stands, the nearest known pieces.
    engraved : bool
        Also draw the passages as they are printed, with the bars of the evidence in colour, where the file is notation.
    prior, lenient, limits
        As :func:`styleprint.identify` has them.
    run : RunOptions, optional

    Returns
    -------
    TextResult
        Its JSON is what ``identify`` writes of the file, with ``features`` and ``passages``.

    Raises
    ------
    StyleprintError
        Where the bundle, the prior or the file cannot serve.
    """
    run = run or RunOptions()
    check_page(output)  # what is wrong is said before long work, not after
    loaded = load_bundle(bundle)
    if loaded.recipe.kind == "table":
        raise UsageError(
            "U176",
            "explaining needs a bundle that reads files of music, but this one reads the rows of a table.",
            remedy="'styleprint identify' says of a row what speaks for each class.",
            place=str(bundle),
        )
    shares, bounds = read_prior(prior, loaded.classes), raise_limits(limits)
    workers = 0 if is_bounded(file, limits=bounds) else 1
    explainer = _Explainer(bundle, loaded if workers == 0 else None, prior, shares, lenient, bounds, engraved)
    (outcome,) = map_supervised(explainer, [str(file)], workers=workers, stage="explaining", progress=run.progress)
    explained = outcome.unwrap()
    view = look_at_answer(explained.identification.to_json(), explained, describe_features(loaded))
    facts = {**describe_bundle(loaded).as_json, "identity": loaded.identity}
    write_text(output, render_identifications([view], source=facts))
    failed = int(explained.identification.status != "ok")
    return TextResult(f"{tell_answer(explained.identification)}\n{output}", explained.to_json(), failed)
