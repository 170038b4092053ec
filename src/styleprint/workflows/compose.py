"""New music from a bundle of language: MIDI files, a page to see and hear them, and what of them is copied."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.bundle.language import LanguageBundle, load_language_bundle
from styleprint.generation.chord_plan import read_chords
from styleprint.generation.composing import Composition, Request
from styleprint.generation.composing import compose as compose_pieces
from styleprint.generation.drawing import Sampling
from styleprint.generation.key_name import read_key
from styleprint.generation.writer import NetworkWriter
from styleprint.music.score import Score
from styleprint.reading import read_score, write_midi
from styleprint.reports.composition_page import look_at_composition, render_compositions, tell_composition
from styleprint.support.atomic import write_text
from styleprint.support.errors import UsageError
from styleprint.support.text import show_name
from styleprint.version import __version__
from styleprint.workflows.result import TextResult

__all__ = ["ComposeOptions", "compose", "read_parts"]

_SECONDS = 30.0
_MOST_SECONDS = 3600.0
_MOST_COUNT = 1000


@dataclass(frozen=True)
class ComposeOptions:
    """What is asked for.

    Attributes
    ----------
    seconds, measures : float or None
        Length, one of the two; without either 30 seconds, or as long as the melody.
    count : int
    sampling : Sampling
    primer, melody : Path or None
        A score to continue; a score to accompany.
    parts : tuple of int
        From 1; empty for all.
    key, chords : str
    avoid_notes : int
        No passage longer than this may stand in the training music; 0 allows all.
    """

    seconds: float | None = None
    measures: float | None = None
    count: int = 1
    sampling: Sampling = field(default_factory=Sampling)
    primer: Path | None = None
    melody: Path | None = None
    parts: tuple[int, ...] = ()
    key: str = ""
    chords: str = ""
    avoid_notes: int = 0


def compose(bundle: Path, output: Path, options: ComposeOptions | None = None) -> TextResult:
    """Write new music.

    Parameters
    ----------
    bundle : Path
        What ``train --model language-…`` wrote.
    output : Path
        The MIDI file; of several, ``out-1.mid``, ``out-2.mid`` and so on. A page ``out.html`` comes beside it.
    options : ComposeOptions, optional

    Returns
    -------
    TextResult

    Raises
    ------
    UsageError
        U110, where the output is no MIDI file by its name; U181–U186, where the wishes cannot be granted.
    BundleError
        B109, where the bundle holds no model of language.
    ReadError
        Where primer or melody cannot be read.
    """
    options = options or ComposeOptions()
    _check(output, options)
    loaded = load_language_bundle(bundle)
    request = _request(options, loaded)
    made = compose_pieces(NetworkWriter(loaded.estimator), request, loaded.passages, loaded.counts["part"])
    places = _places(output, options.count)
    for composition, place in zip(made, places, strict=True):
        write_midi(composition.score, place)
    page = output.with_suffix(".html")
    views = [
        look_at_composition(composition, place.name, number, loaded.pieces)
        for number, (composition, place) in enumerate(zip(made, places, strict=True), start=1)
    ]
    asked = _tell(options, request)
    write_text(page, render_compositions(views, title=f"Music by {bundle.name}", asked=asked, identity=loaded.identity))
    return _result(made, places, page, asked, loaded)


def read_parts(text: str) -> tuple[int, ...]:
    """Numbers of parts as typed: ``"1,3"`` → ``(1, 3)``.

    Raises
    ------
    UsageError
        U186, where one is no number.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if any(not name.isascii() or not name.isdigit() for name in names):
        raise UsageError("U186", f"parts must be numbers from 1, such as 1,3, but {text!r} is asked for.")
    return tuple(map(int, names))


def _check(output: Path, options: ComposeOptions) -> None:
    if output.suffix.lower() not in (".mid", ".midi"):
        raise UsageError("U110", f"the output must end in .mid or .midi, but is {output.name!r}.")
    if options.seconds is not None and options.measures is not None:
        raise UsageError("U185", "a length must be given in seconds or in measures, but both are given.")
    if options.melody is not None and options.chords:
        raise UsageError("U185", "one of a melody and chords can be given, but both are.")
    for length in (options.seconds, options.measures):
        if length is not None and not 0 < length <= _MOST_SECONDS:
            raise UsageError("U185", f"a length must be above 0 and at most {_MOST_SECONDS:g}, but is {length:g}.")
    if not 1 <= options.count <= _MOST_COUNT:
        raise UsageError("U185", f"1 to {_MOST_COUNT} pieces can be written, but {options.count} are asked for.")


def _request(options: ComposeOptions, bundle: LanguageBundle) -> Request:
    primer = _read(options.primer) if options.primer else None
    melody = _read(options.melody) if options.melody else None
    source = melody or primer
    tempo, metre = _tempo(source, bundle.tempo_qpm), _metre(source)
    measure = 4.0 * metre[0] / metre[1]
    if options.measures is not None:
        quarters = options.measures * measure
    elif options.seconds is not None or melody is None:
        quarters = (options.seconds or _SECONDS) * tempo / 60.0
    else:
        quarters = math.ceil(melody.end_quarters / measure - 1e-6) * measure
    return Request(
        quarters=quarters,
        count=options.count,
        sampling=options.sampling,
        tempo_qpm=tempo,
        metre=metre,
        primer=primer,
        melody=melody,
        parts=_parts(options.parts, bundle),
        key=read_key(options.key) if options.key else None,
        chords=read_chords(options.chords, measure) if options.chords else None,
        avoid_notes=options.avoid_notes,
    )


def _read(path: Path) -> Score:
    score = read_score(path)
    if not (~score.is_unpitched & ~score.is_grace).any():
        raise UsageError("U186", f"a primer or a melody must have pitched notes, but {show_name(path.name)} has none.")
    return score


def _parts(parts: Sequence[int], bundle: LanguageBundle) -> tuple[int, ...]:
    known = (np.flatnonzero(bundle.counts["part"]) + 1).tolist()
    if wrong := [part for part in parts if part not in known]:
        raise UsageError(
            "U186",
            f"parts must be among those of the training music, {', '.join(map(str, known))}, but "
            f"{', '.join(map(str, wrong))} is asked for.",
        )
    return tuple(part - 1 for part in parts)


def _tempo(score: Score | None, usual: float) -> float:
    return float(score.tempos.tempo_qpm[0]) if score is not None and len(score.tempos.tempo_qpm) else usual


def _metre(score: Score | None) -> tuple[int, int]:
    if score is None or not len(score.time_signatures.numerator):
        return 4, 4
    return int(score.time_signatures.numerator[0]), int(score.time_signatures.denominator[0])


def _places(output: Path, count: int) -> list[Path]:
    if count == 1:
        return [output]
    return [output.with_name(f"{output.stem}-{number}{output.suffix}") for number in range(1, count + 1)]


def _tell(options: ComposeOptions, request: Request) -> str:
    sampling = request.sampling
    told = [
        f"seed {sampling.seed}, temperature {sampling.temperature:g}, top-p {sampling.top_p:g}",
        f"{request.quarters:g} quarters at {request.tempo_qpm:g} quarters a minute",
    ]
    told += [f"continues {options.primer.name}"] if options.primer else []
    told += [f"accompanies {options.melody.name}"] if options.melody else []
    told += [f"part {', '.join(map(str, options.parts))} alone"] if options.parts else []
    told += [f"pulled towards {options.key}"] if options.key else []
    told += [f"over {options.chords}"] if options.chords else []
    told += [f"no copied passage over {options.avoid_notes} notes"] if options.avoid_notes else []
    return "; ".join(told) + "."


def _result(
    made: Sequence[Composition], places: Sequence[Path], page: Path, asked: str, bundle: LanguageBundle
) -> TextResult:
    lines, rows = [asked], []
    for one, place in zip(made, places, strict=True):
        lines.append(f"{place}: {' '.join(tell_composition(one))}")
        rows.append(_as_json(one, place, bundle.pieces))
    lines.append(f"To see and to hear: {page}")
    as_json = {
        "styleprint": __version__,
        "model": bundle.model,
        "bundle": bundle.identity,
        "asked": asked,
        "page": str(page),
        "pieces": rows,
    }
    return TextResult("\n".join(lines), as_json)


def _as_json(made: Composition, place: Path, pieces: Sequence[str]) -> dict[str, Any]:
    found = made.memorisation
    return {
        "path": str(place),
        "notes": len(made.score),
        "drawn": made.drawn,
        "quarters": made.score.end_quarters,
        "longest_copied": found.longest,
        "copied_share": _number(found.copied_share),
        "copied_notes": found.copied_notes,
        "passages": [
            {
                "notes": run.notes,
                "part": run.part,
                "onset_quarters": float(made.score.onset_quarters[run.first]),
                "piece": pieces[run.piece],
                "piece_onset_quarters": run.onset_quarters,
            }
            for run in found.passages
        ],
        "chord_fit": _number(made.fit),
        "chord_fit_without_chords": _number(made.fit_without),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
