"""A bundle of language whose weights were drawn and not learnt: quick to make, and without torch."""

import numpy as np

from language_cases import scales
from styleprint.bundle.language import LanguageBundle, save_language_bundle
from styleprint.extraction.recipe import Recipe
from styleprint.generation.piece_states import piece_vectors
from styleprint.models.language.hearing import INTERVALS, PHASES, REFERENCES
from styleprint.models.language.lstm import LanguageLstmModel
from styleprint.models.language.machine import Widths
from styleprint.models.language.rows import SIZES, STREAMS
from styleprint.workflows.train_language import known_passages, token_counts

WIDTHS = Widths()


def drawn_model(width=12, head=10, seed=0, rows=4):
    """An LSTM of that size, its weights from a normal distribution."""
    rng = np.random.default_rng(seed)
    shapes = {f"embeddings.{i}.weight": (SIZES[i] + 1, WIDTHS.fields[i]) for i in range(4)}
    shapes |= {"phases.weight": (PHASES + 1, WIDTHS.phase)}
    for kind in ("asked", "met"):
        shapes |= {f"{kind}.{i}.weight": (INTERVALS, own) for i, own in enumerate(getattr(WIDTHS, kind))}
    shapes |= {"body.lstm.weight_ih_l0": (4 * width, WIDTHS.seen), "body.lstm.weight_hh_l0": (4 * width, width)}
    shapes |= {f"body.lstm.bias_{kind}_l0": (4 * width,) for kind in ("ih", "hh")}
    for i in range(4):
        shapes |= {f"hidden.{i}.weight": (head, width + WIDTHS.known(i)), f"hidden.{i}.bias": (head,)}
        shapes |= {f"scores.{i}.weight": (SIZES[i], head), f"scores.{i}.bias": (SIZES[i],)}
    for i in range(len(REFERENCES)):
        shapes |= {f"relative.{i}.weight": (INTERVALS - 1, head), f"relative.{i}.bias": (INTERVALS - 1,)}
    weights = {name: (0.4 * rng.standard_normal(shape)).astype(np.float32) for name, shape in shapes.items()}
    model = LanguageLstmModel(width=width, head=head)
    return LanguageLstmModel.from_state(
        {"parameters": model.get_params(), "curve": [], "n_rows": rows, "n_events": 100, **weights}
    )


def drawn_bundle(path, rows=4):
    """Written as training writes it, with the passages and counts of small pieces."""
    learnt, model = scales(rows), drawn_model(rows=rows)
    bundle = LanguageBundle(
        model="language-lstm",
        estimator=model,
        recipe=Recipe.of((), STREAMS),
        pieces=tuple(f"piece {i}.mid" for i in range(rows)),
        passages=known_passages(learnt),
        counts=token_counts(learnt),
        tempo_qpm=120.0,
        card="# drawn",
        vectors=piece_vectors(model, learnt).astype(np.float32),
    )
    save_language_bundle(bundle, path)
    return path
