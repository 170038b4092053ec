"""The front of a network over mel-spectrograms, in torch: convolutions over bands and moments.

``values`` (windows, length, bands) and ``mask`` (windows, length), as :mod:`styleprint.models.networks.layers` has
them: what is masked is zero before each convolution and after it, so nothing that is masked changes what comes out.
"""

from typing import Any

import torch
from torch import nn

__all__ = ["MelConvolutions"]

_MOST_HIDDEN = 8


class MelConvolutions(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Three layers of 3 × 3 convolutions, each over half as many bands, the first two over half as many moments.

    Each has batch normalisation (Ioffe and Szegedy, ICML 2015), a rectifier and pooling by the maximum, as in the
    networks of Choi, Fazekas and Sandler (ISMIR 2016); then one layer joins the bands of each step. While it learns, up
    to an eighth of the bands and of the moments is hidden (SpecAugment, Park and others, Interspeech 2019).

    Parameters
    ----------
    n_bands : int
        A multiple of 8.
    width : int
        Of what comes out; an eighth, a quarter and a half of it are the channels of the layers.
    """

    def __init__(self, n_bands: int, width: int) -> None:
        super().__init__()
        channels = (1, max(1, width // 8), max(1, width // 4), max(1, width // 2))
        self.layers = nn.ModuleList([nn.Conv2d(channels[i], channels[i + 1], 3, padding=1) for i in range(3)])
        self.norms = nn.ModuleList([nn.BatchNorm2d(channel) for channel in channels[1:]])
        self.join = nn.Conv2d(channels[-1], width, (1, n_bands // 8))

    def forward(self, values: Any, mask: Any) -> tuple[Any, Any]:
        """A vector each fourth moment, and the mask of these steps: there where any of the four is."""
        seen = self._hide(values).unsqueeze(1)
        for i in range(3):
            there = mask.unsqueeze(1).unsqueeze(3)
            seen = torch.relu(self.norms[i](self.layers[i](seen * there))) * there
            moments = 2 if i < 2 else 1
            seen = nn.functional.max_pool2d(seen, (moments, 2), ceil_mode=True)
            if moments > 1:
                mask = nn.functional.max_pool1d(mask.unsqueeze(1), moments, ceil_mode=True).squeeze(1)
        return self.join(seen).squeeze(3).transpose(1, 2), mask

    def _hide(self, values: Any) -> Any:
        """While learning, one stretch of bands and one of moments of each window are as the mean is."""
        if not self.training:
            return values
        n_windows, length, n_bands = values.shape
        return values * _stretches(n_windows, n_bands).unsqueeze(1) * _stretches(n_windows, length).unsqueeze(2)


def _stretches(n_windows: int, length: int) -> Any:
    """1 for what is seen, 0 in a stretch of each window that is drawn."""
    count = torch.randint(0, length // _MOST_HIDDEN + 1, (n_windows, 1))
    first = torch.randint(0, length, (n_windows, 1))
    place = torch.arange(length).unsqueeze(0)
    return 1.0 - ((place >= first) & (place < first + count)).float()
