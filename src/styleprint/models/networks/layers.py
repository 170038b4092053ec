"""The encoders of the networks, in torch: windows of tokens become one vector each, and a weight.

All take ``values``, the indices of tokens (windows, length, columns), and ``mask`` (windows, length), and nothing that
is masked changes what comes out: it is zero before each convolution, no key of attention, and reversed around, not
through, by the recurrent layer. So a window may be filled up with anything.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

__all__ = [
    "Chain",
    "Coarse",
    "Convolutions",
    "Embeddings",
    "HybridNetwork",
    "Network",
    "Recurrent",
    "SharedDropout",
    "Transformer",
    "pool_windows",
]

_HIDDEN = -1e4
_WITHOUT_WINDOWS = 0.5
_BARED = 0.5
_BREADTH = 2


class Network(nn.Module):  # type: ignore[misc]  # torch is not followed
    """A front, a body that sees each moment in its window, pooling, and a head for whole pieces.

    Parameters
    ----------
    front : nn.Module
        Values (windows, length, columns), mask → (windows, steps, width), mask of the steps.
    body : nn.Module
        (windows, steps, width), mask → (windows, steps, width).
    width : int
    n_classes : int
    dropout : float
    """

    def __init__(self, front: nn.Module, body: nn.Module, width: int, n_classes: int, dropout: float) -> None:
        super().__init__()
        self.front = front
        self.norm = nn.LayerNorm(width)
        self.body = body
        self.drop, self.drop_vector = SharedDropout(dropout), nn.Dropout(dropout)
        self.score = nn.Linear(2 * width, 1)
        self.head = nn.Linear(2 * width, n_classes)

    def forward(self, values: Any, mask: Any) -> tuple[Any, Any]:
        """Vector and score of each window: mean and maximum over its steps; a learnt weight times its length."""
        seen, mask = self.front(values, mask)
        there = mask.unsqueeze(2)
        seen = self.body(self.drop(self.norm(seen)) * there, mask) * there
        count = mask.sum(dim=1, keepdim=True)
        mean = seen.sum(dim=1) / count.clamp(min=1.0)
        highest = (seen + (1.0 - there) * _HIDDEN).amax(dim=1) * (count > 0).to(seen.dtype)
        vector = torch.cat([mean, highest], dim=1)
        score = self.score(torch.tanh(vector)).squeeze(1) + torch.log(count.squeeze(1) + 1e-3)
        return vector, score

    def answer(self, values: Any, mask: Any, place: Any, is_window: Any, tabular: Any) -> Any:  # noqa: ARG002  # for hybrids
        """Decisions about pieces: windows pooled by attention, then the head.

        Parameters
        ----------
        values, mask : tensors
            All windows.
        place : tensor of int, shape (n_pieces, most windows)
            Which windows belong to each piece.
        is_window : tensor of bool, same shape
        tabular : tensor, shape (n_pieces, n_features)
            Only the hybrid looks at it.
        """
        vector, score = self(values, mask)
        pooled = pool_windows(vector[place], score[place], is_window)
        return self.head(self.drop_vector(pooled))


class Embeddings(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Tokens as the sum of the vectors of their columns.

    Parameters
    ----------
    sizes : sequence of int
        Vocabulary of each column.
    width : int
    vectors : sequence of tensors, shape (size, n), or None
        What each column says, known beforehand: they do not learn, what is made of their sum does. By default they do.
    forgotten : float
        Chance, while learning, that a run is as if it were not known.
    """

    def __init__(
        self, sizes: Sequence[int], width: int, vectors: Sequence[Any] | None = None, forgotten: float = 0.1
    ) -> None:
        super().__init__()
        self.forgotten, self.known = forgotten, len(vectors or ())
        self.columns = nn.ModuleList([nn.Embedding(size, width) for size in ([] if self.known else sizes)])
        for embedding in self.columns:
            nn.init.normal_(embedding.weight, std=len(sizes) ** -0.5)
        for i, own in enumerate(vectors or ()):
            self.register_buffer(f"known_{i}", own, persistent=False)  # what does not learn is kept once
        self.turn = nn.Linear(vectors[0].shape[1], width) if vectors else nn.Identity()

    def forward(self, indices: Any, mask: Any) -> tuple[Any, Any]:
        """A vector a token, and the mask as it is; while learning, some indices are as if they were not known."""
        tables = [getattr(self, f"known_{i}") for i in range(self.known)] or [one.weight for one in self.columns]
        seen = sum(functional.embedding(self._forget(indices[:, :, i]), table) for i, table in enumerate(tables))
        return self.turn(seen), mask

    def _forget(self, column: Any) -> Any:
        if not self.training:
            return column
        return column * (torch.rand(column.shape, device=column.device) >= self.forgotten)


class HybridNetwork(Network):
    """Windows, and branches of numbers that ask them (:mod:`styleprint.models.networks.fusion`).

    Branches learn by themselves first (:meth:`answer_alone`) and then stay as they are: what learns a piece by heart
    first would be believed where all learn together (Wang, Tran and Feiszli, CVPR 2020). The head goes on learning; it
    begins without what windows say, and while it learns to hear them half of the pieces are told without (modality
    dropout, Neverova, Wolf, Taylor and Nebout, IEEE PAMI 38, 2016).

    Parameters
    ----------
    front, body, width, n_classes, dropout : as :class:`Network` has them
    branches : sequence of sequences of int
        Which features each branch reads.
    """

    def __init__(
        self,
        front: nn.Module,
        body: nn.Module,
        width: int,
        n_classes: int,
        dropout: float,
        branches: Sequence[Sequence[int]],
    ) -> None:
        super().__init__(front, body, width, n_classes, dropout)
        self.bare = nn.Dropout(_BARED)
        self.columns = [list(columns) for columns in branches]
        broad = _BREADTH * width
        self.first = nn.ModuleList([nn.Linear(len(columns), broad) for columns in branches])
        self.second = nn.ModuleList([nn.Linear(broad, broad) for _ in branches])
        self.question = nn.ModuleList([nn.Linear(broad, 2 * width) for _ in branches])
        starts = [2 * width + (2 * width + broad) * i + 2 * width for i in range(len(branches))]
        self.own = [start + j for start in starts for j in range(broad)]
        self.head = nn.Linear(starts[-1] + broad, n_classes)
        with torch.no_grad():
            self.head.weight[:, sorted(set(range(self.head.in_features)) - set(self.own))] = 0.0

    def _hear(self, count: int, device: Any) -> Any:
        """Of so many pieces whether windows are heard."""
        if not self.training:
            return 1.0
        return (torch.rand(count, 1, device=device) >= _WITHOUT_WINDOWS).to(torch.float32)

    def _read(self, tabular: Any) -> list[Any]:
        """A vector of each branch."""
        found = []
        for columns, first, second in zip(self.columns, self.first, self.second, strict=True):
            own = torch.relu(first(self.drop_vector(tabular[:, columns])))
            found.append(own + torch.relu(second(self.drop_vector(own))))
        return found

    def answer_alone(self, tabular: Any) -> Any:
        """Decisions about pieces by their branches, as if no window were heard."""
        seen = self.drop_vector(torch.cat(self._read(tabular), dim=1))
        return functional.linear(seen, self.head.weight[:, self.own], self.head.bias)

    def answer(self, values: Any, mask: Any, place: Any, is_window: Any, tabular: Any) -> Any:
        """Decisions about pieces: windows by their own weights, and as each branch asks for them."""
        vector, score = self(values, mask)
        is_heard = self._hear(len(tabular), tabular.device)
        windows, weight = vector[place], score[place]
        parts = [self.bare(pool_windows(windows, weight, is_window)) * is_heard]
        for learnt, question in zip(self._read(tabular), self.question, strict=True):
            own = learnt.detach()
            asked = question(own).unsqueeze(1)
            answer = weight + (windows * asked).sum(dim=2) * windows.shape[2] ** -0.5
            parts += [self.bare(pool_windows(windows, answer, is_window)) * is_heard, own]
        return self.head(self.drop_vector(torch.cat(parts, dim=1)))


def pool_windows(vector: Any, score: Any, is_window: Any) -> Any:
    """Mean of the vectors of windows, each weighing its softmax among those of the piece."""
    share = torch.softmax(score.masked_fill(~is_window, _HIDDEN), dim=1)
    return (vector * share.unsqueeze(2)).sum(dim=1)


class Chain(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Bodies one after another, each by as much as it has earned.

    What a body changes counts by a number that begins at nothing (Bachlechner and others, ReZero, UAI 2021): at first
    tokens are heard as they are, and order where it helps.
    """

    def __init__(self, *bodies: nn.Module) -> None:
        super().__init__()
        self.bodies = nn.ModuleList(bodies)
        self.shares = nn.ParameterList([nn.Parameter(torch.zeros(1)) for _ in bodies])

    def forward(self, seen: Any, mask: Any) -> Any:
        """Tokens as the last body sees them; what is masked stays zero between them."""
        for body, share in zip(self.bodies, self.shares, strict=True):
            seen = (seen + share * (body(seen, mask) - seen)) * mask.unsqueeze(2)
        return seen


class Coarse(nn.Module):  # type: ignore[misc]  # torch is not followed
    """A body that sees some tokens at a time, as their mean, and changes them alike: cheap where order is slow.

    Parameters
    ----------
    body : nn.Module
    step : int
        Tokens that are seen as one; the last of a window may be fewer.
    """

    def __init__(self, body: nn.Module, step: int) -> None:
        super().__init__()
        self.body, self.step = body, step

    def forward(self, seen: Any, mask: Any) -> Any:
        """Tokens, each with what the body adds to the run of tokens that it belongs to."""
        length, width = int(seen.shape[1]), int(seen.shape[2])  # a window's length is fixed where it is exported
        count = -(-length // self.step)
        there = self._fill(mask.unsqueeze(2), count).reshape(-1, count, self.step)
        parts = self._fill(seen * mask.unsqueeze(2), count).reshape(-1, count, self.step, width)
        mean = parts.sum(dim=2) / there.sum(dim=2).clamp(min=1.0).unsqueeze(2)
        change = (self.body(mean, there.amax(dim=2)) - mean).unsqueeze(2)
        spread = change.expand(-1, -1, self.step, -1).reshape(-1, count * self.step, width)
        whole = count * self.step == length
        return seen + (spread if whole else spread.index_select(1, torch.arange(length, device=seen.device)))

    def _fill(self, seen: Any, count: int) -> Any:
        """Zeros after the last token, so that all runs are whole."""
        length, wanted = int(seen.shape[1]), count * self.step
        if wanted == length:
            return seen
        place = torch.tensor([min(i, length - 1) for i in range(wanted)], device=seen.device)
        inside = torch.tensor([float(i < length) for i in range(wanted)], device=seen.device)
        return seen.index_select(1, place) * inside.unsqueeze(1)


class SharedDropout(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Dropout that leaves out the same units in all windows of a batch: a sixtieth of the random numbers."""

    def __init__(self, chance: float) -> None:
        super().__init__()
        self.chance = chance

    def forward(self, seen: Any) -> Any:
        """While learning, units left out and the others divided by what remains."""
        if not self.training or not self.chance:
            return seen
        kept = torch.rand(seen.shape[1:], device=seen.device) >= self.chance
        return seen * (kept / (1.0 - self.chance))


class Convolutions(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Dilated convolutions with residuals (van den Oord and others, WaveNet, 2016): each layer looks twice as far."""

    def __init__(self, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv1d(width, width, 3, dilation=2**i, padding=2**i) for i in range(layers)])
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(layers)])
        self.drop = SharedDropout(dropout)

    def forward(self, seen: Any, mask: Any) -> Any:
        """Tokens with what lies around them."""
        there = mask.unsqueeze(2)
        for layer, norm in zip(self.layers, self.norms, strict=True):
            found = layer((norm(seen) * there).transpose(1, 2)).transpose(1, 2)
            seen = seen + self.drop(torch.relu(found))
        return seen


class Recurrent(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Bidirectional LSTM (Hochreiter and Schmidhuber 1997); backwards from the last token that is there.

    Between tokens that are there some may be masked, as where a passage is hidden: they are passed over as silence.
    """

    def __init__(self, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.half = width // 2
        self.forwards = nn.ModuleList([nn.LSTM(width, self.half, batch_first=True) for _ in range(layers)])
        self.backwards = nn.ModuleList([nn.LSTM(width, self.half, batch_first=True) for _ in range(layers)])
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(layers)])
        self.drop = SharedDropout(dropout)

    def forward(self, seen: Any, mask: Any) -> Any:
        """Tokens with what was before and what comes after."""
        position = torch.arange(mask.shape[1], device=mask.device).unsqueeze(0)
        length = (mask * (position + 1)).amax(dim=1, keepdim=True).to(torch.int64)
        turned = torch.where(position < length, length - 1 - position, position)
        for forwards, backwards, norm in zip(self.forwards, self.backwards, self.norms, strict=True):
            given = norm(seen)
            zero = torch.zeros(1, given.shape[0], self.half, device=mask.device)
            there = turned.unsqueeze(2)
            before, _ = forwards(given, (zero, zero))
            after, _ = backwards(torch.gather(given, 1, there.expand(-1, -1, given.shape[2])), (zero, zero))
            after = torch.gather(after, 1, there.expand(-1, -1, self.half))
            seen = seen + self.drop(torch.cat([before, after], dim=2))
        return seen


class Transformer(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Self-attention with learnt biases by distance (Shaw, Uszkoreit and Vaswani 2018, in the form of T5)."""

    def __init__(self, width: int, layers: int, dropout: float, heads: int = 4, reach: int = 32) -> None:
        super().__init__()
        self.heads, self.reach = heads, reach
        self.inputs = nn.ModuleList([nn.Linear(width, 3 * width) for _ in range(layers)])
        self.outputs = nn.ModuleList([nn.Linear(width, width) for _ in range(layers)])
        self.wide = nn.ModuleList(
            [nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width)) for _ in range(layers)]
        )
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(2 * layers)])
        self.biases = nn.ModuleList([nn.Embedding(2 * reach + 1, heads) for _ in range(layers)])
        self.drop = SharedDropout(dropout)

    def forward(self, seen: Any, mask: Any) -> Any:
        """Tokens with those that they attend to."""
        position = torch.arange(mask.shape[1], device=mask.device)
        distance = (position.unsqueeze(0) - position.unsqueeze(1)).clamp(-self.reach, self.reach) + self.reach
        hidden = ((1.0 - mask) * _HIDDEN).unsqueeze(1).unsqueeze(1)
        for i in range(len(self.inputs)):
            bias = self.biases[i](distance).permute(2, 0, 1).unsqueeze(0) + hidden
            seen = seen + self.drop(self._attend(i, self.norms[2 * i](seen), bias))
            seen = seen + self.drop(self.wide[i](self.norms[2 * i + 1](seen)))
        return seen

    def _attend(self, i: int, seen: Any, bias: Any) -> Any:
        size = seen.shape[2] // self.heads
        parts = self.inputs[i](seen).reshape(-1, seen.shape[1], 3, self.heads, size).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        share = torch.softmax(query @ key.transpose(2, 3) * size**-0.5 + bias, dim=3)
        return self.outputs[i]((share @ value).permute(0, 2, 1, 3).reshape(-1, seen.shape[1], seen.shape[2]))
