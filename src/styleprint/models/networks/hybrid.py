"""System A's network, done right: windows of the whole piece, and branches that ask them.

Convolutions, a bidirectional LSTM and self-attention see the tokens of each window, of all parts together; the windows
of a piece are pooled by their own weights, and once for each branch by cross-attention: a musical branch (melody,
rhythm, texture …) and a harmonic one read features, a third where the piece lies by its runs
(:mod:`styleprint.models.networks.summary`). All belong to the same piece. One piece is one example.
"""

import functools
from typing import Any, ClassVar

import numpy as np

from styleprint.features.registry import family_names, feature_names, load_feature
from styleprint.models.base import Inputs, Needs, Training
from styleprint.models.latent_runs import LEAST_SHARE, LatentRuns
from styleprint.models.networks.encoding import Encoding, choose_run_views, choose_stream, learn_encoding
from styleprint.models.networks.fusion import split_columns
from styleprint.models.networks.network_model import NetworkModel, Own
from styleprint.models.networks.summary import Summary
from styleprint.models.sequence_model import SEQUENCE_NEEDS, SequenceModel

__all__ = ["HARMONIC_FAMILIES", "HybridModel"]

_STEP = 8
_FORGOTTEN = 0.2

HARMONIC_FAMILIES = (
    "harmony",
    "tonality",
    "chords",
    "progressions",
    "cadences",
    "modulation",
    "harmonic_rhythm",
    "tension",
    "verticals",
)
"""Families whose features the harmonic branch reads; the musical branch reads all others."""


@functools.cache
def _harmonic_columns() -> frozenset[str]:
    names = [name for family in HARMONIC_FAMILIES if family in family_names() for name in feature_names(family=family)]
    return frozenset(column for name in names for column in load_feature(name).feature.columns)


class HybridModel(NetworkModel):
    """Convolutions, LSTM and self-attention over the piece, joined with features and runs by cross-attention.

    `layers` are of dilated convolutions, before one recurrent layer and one of self-attention; features are used as
    they are. Branches are twice as wide as windows, and see each piece `rounds` times by themselves before the epochs
    in which windows are heard. Parameters are those of
    :class:`styleprint.models.networks.network_model.NetworkModel`.
    """

    needs: ClassVar = Needs(feature_names(encoding_safe=True), SEQUENCE_NEEDS.streams)
    takes_features: ClassVar = True
    own: ClassVar = Own(layers=2, longest=3, epochs=6, rate=0.001)
    choose_views: ClassVar = staticmethod(choose_run_views)
    batch: ClassVar = 12
    crop: ClassVar = 4
    held_windows: ClassVar = 4
    rounds: ClassVar = 60
    round_rate: ClassVar = 0.004

    def choose_columns(self, inputs: Inputs) -> tuple[str, ...]:
        """All tokens: windows are of one stream, runs of every stream."""
        return SequenceModel.choose_columns(self, inputs)

    def learn_encoding(self, inputs: Inputs, training: Training) -> Encoding:
        """The runs of the windows' stream that point somewhere."""
        views = self.choose_views(choose_stream(self.choose_columns(inputs)), self.chosen.longest)
        return learn_encoding(inputs, views, training.piece, LEAST_SHARE)

    def make_body(self) -> Any:
        """Convolutions, then an LSTM, then self-attention."""
        from styleprint.models.networks.layers import Chain, Coarse, Convolutions, Recurrent, Transformer

        return Chain(
            Convolutions(self.width, self.chosen.layers, self.dropout),
            Coarse(Recurrent(self.width, 1, self.dropout), _STEP),
            Coarse(Transformer(self.width, 1, self.dropout), _STEP),
        )

    def make_network(self, encoding: Any, n_classes: int, summary: Summary | None) -> Any:
        """A network with a branch for each kind of features that there is, and one of runs."""
        if summary is None:
            return super().make_network(encoding, n_classes, summary)
        from styleprint.models.networks.layers import HybridNetwork

        n_features = len(summary.feature_names)
        branches = split_columns(summary.feature_names, _harmonic_columns())
        branches += [list(range(n_features, summary.n_numbers))] if summary.runs is not None else []
        front, body = self.make_parts(encoding)
        if summary.runs is not None:
            front = self._hear_directions(encoding, summary.runs)
        return HybridNetwork(front, body, self.width, n_classes, self.dropout, branches)

    def _hear_directions(self, encoding: Encoding, runs: LatentRuns) -> Any:
        """A front that hears a run by where it points among the runs of training rows, without learning it by heart."""
        import torch

        from styleprint.models.networks.layers import Embeddings

        vectors = runs.point(encoding.views, encoding.hashes, self.width)
        loudness = np.sqrt(sum(float((own**2).sum(axis=1).mean()) for own in vectors) / self.width) or 1.0
        told = [torch.as_tensor(own / loudness, dtype=torch.float32) for own in vectors]
        return Embeddings(encoding.sizes, self.width, told, _FORGOTTEN)
