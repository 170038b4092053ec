"""System A's network, done right: windows of the whole piece, and two branches of features that ask them.

Convolutions, a bidirectional LSTM and self-attention see the tokens of each window, of all parts together; the windows
of a piece are pooled by their own weights, and once for each branch by cross-attention: a musical branch (melody,
rhythm, texture …) and a harmonic one, whose features, normal scores by rank, belong to the same piece. One piece is
one example. Rows without features are told by their windows alone.
"""

import functools
from typing import Any, ClassVar

from styleprint.features.registry import family_names, feature_names, load_feature
from styleprint.models.base import Needs
from styleprint.models.networks.encoding import choose_run_views
from styleprint.models.networks.fusion import split_columns
from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel, Own

__all__ = ["HARMONIC_FAMILIES", "HybridModel"]

_STEP = 8

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
    """Convolutions, LSTM and self-attention over the piece, joined with features by cross-attention.

    `layers` are of dilated convolutions, before one recurrent layer and one of self-attention; features are used as
    they are. Parameters are those of :class:`styleprint.models.networks.network_model.NetworkModel`.
    """

    needs: ClassVar = Needs(feature_names(encoding_safe=True), NETWORK_NEEDS.streams)
    takes_features: ClassVar = True
    own: ClassVar = Own(layers=2, longest=3, epochs=8, rate=0.004)
    choose_views: ClassVar = staticmethod(choose_run_views)
    batch: ClassVar = 12
    crop: ClassVar = 4
    held_windows: ClassVar = 4
    spread: ClassVar = 0.02
    forgotten: ClassVar = 0.2

    def make_body(self) -> Any:
        """Convolutions, then an LSTM, then self-attention."""
        from styleprint.models.networks.layers import Chain, Coarse, Convolutions, Recurrent, Transformer

        return Chain(
            Convolutions(self.width, self.chosen.layers, self.dropout),
            Coarse(Recurrent(self.width, 1, self.dropout), _STEP),
            Coarse(Transformer(self.width, 1, self.dropout), _STEP),
        )

    def make_network(self, encoding: Any, n_classes: int, feature_names: tuple[str, ...]) -> Any:
        """A network with a branch for each kind of features that there is."""
        branches = split_columns(feature_names, _harmonic_columns())
        if not branches:
            return super().make_network(encoding, n_classes, feature_names)
        from styleprint.models.networks.layers import HybridNetwork

        return HybridNetwork(*self.make_parts(encoding), self.width, n_classes, self.dropout, branches)
