"""Names the composer or genre of a piece of music, says how sure one can be, and shows why.

The public names below are loaded when first used, so that ``import styleprint`` costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from styleprint.version import __version__

_PLACES = {
    "AugmentOptions": "styleprint.workflows.options",
    "Bundle": "styleprint.bundle.bundle",
    "ComposeOptions": "styleprint.workflows.compose",
    "Corpus": "styleprint.corpus.corpus",
    "CorpusOptions": "styleprint.workflows.options",
    "EvaluateOptions": "styleprint.workflows.options",
    "Evaluation": "styleprint.evaluation.evaluation",
    "Identification": "styleprint.bundle.identification",
    "Recording": "styleprint.music.recording",
    "RunOptions": "styleprint.workflows.options",
    "Score": "styleprint.music.score",
    "StyleprintError": "styleprint.support.errors",
    "Table": "styleprint.extraction.table",
    "compare": "styleprint.workflows.compare",
    "compose": "styleprint.workflows.compose",
    "convert": "styleprint.workflows.convert",
    "evaluate": "styleprint.workflows.evaluate",
    "explain": "styleprint.workflows.explain",
    "explore": "styleprint.workflows.explore",
    "extract": "styleprint.workflows.extract",
    "identify": "styleprint.workflows.identify",
    "load_bundle": "styleprint.bundle.bundle",
    "neighbours": "styleprint.workflows.neighbours",
    "read_recording": "styleprint.reading",
    "read_score": "styleprint.reading",
    "read_table": "styleprint.extraction.table",
    "scan": "styleprint.workflows.scan",
    "train": "styleprint.workflows.train",
    "tune": "styleprint.workflows.tune",
    "write_midi": "styleprint.reading",
    "write_table": "styleprint.extraction.table",
}

__all__ = [
    "AugmentOptions",
    "Bundle",
    "ComposeOptions",
    "Corpus",
    "CorpusOptions",
    "EvaluateOptions",
    "Evaluation",
    "Identification",
    "Recording",
    "RunOptions",
    "Score",
    "StyleprintError",
    "Table",
    "__version__",
    "compare",
    "compose",
    "convert",
    "evaluate",
    "explain",
    "explore",
    "extract",
    "identify",
    "load_bundle",
    "neighbours",
    "read_recording",
    "read_score",
    "read_table",
    "scan",
    "train",
    "tune",
    "write_midi",
    "write_table",
]

if TYPE_CHECKING:
    from styleprint.bundle.bundle import Bundle, load_bundle
    from styleprint.bundle.identification import Identification
    from styleprint.corpus.corpus import Corpus
    from styleprint.evaluation.evaluation import Evaluation
    from styleprint.extraction.table import Table, read_table, write_table
    from styleprint.music.recording import Recording
    from styleprint.music.score import Score
    from styleprint.reading import read_recording, read_score, write_midi
    from styleprint.support.errors import StyleprintError
    from styleprint.workflows.compare import compare
    from styleprint.workflows.compose import ComposeOptions, compose
    from styleprint.workflows.convert import convert
    from styleprint.workflows.evaluate import evaluate
    from styleprint.workflows.explain import explain
    from styleprint.workflows.explore import explore
    from styleprint.workflows.extract import extract
    from styleprint.workflows.identify import identify
    from styleprint.workflows.neighbours import neighbours
    from styleprint.workflows.options import AugmentOptions, CorpusOptions, EvaluateOptions, RunOptions
    from styleprint.workflows.scan import scan
    from styleprint.workflows.train import train
    from styleprint.workflows.tune import tune


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return __all__
