"""Dilated convolutions over sequences: each layer looks twice as far around a token as the one before.

(Yu and Koltun, ICLR 2016; van den Oord and others, WaveNet, 2016.) They are the fastest of the networks on a processor.
"""

from typing import Any, ClassVar

from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel, Own

__all__ = ["ConvolutionsModel"]


class ConvolutionsModel(NetworkModel):
    """Dilated convolutions at several scales, pooled over the piece.

    Parameters are those of :class:`styleprint.models.networks.network_model.NetworkModel`.
    """

    needs: ClassVar = NETWORK_NEEDS
    own: ClassVar = Own(layers=3, longest=3, epochs=24, rate=0.004)

    def make_body(self) -> Any:
        """The part of the network that sees tokens in their window."""
        from styleprint.models.networks.layers import Convolutions

        return Convolutions(self.width, self.chosen.layers, self.dropout)
