"""The networks that learn to continue events, in torch: embeddings, a body that sees the past, a chain of heads.

:mod:`styleprint.models.language.machine` has the same networks in NumPy, which answer; a test holds the two against
each other.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from styleprint.models.language.attention import BUCKETS, buckets_of
from styleprint.models.language.rows import FIELDS, SIZES

__all__ = ["AttentiveBody", "LanguageNetwork", "RecurrentBody"]


_WIDER = 4
"""Times the width of a transformer, between its two products."""


class LanguageNetwork(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Events before → scores of each field of the next, given its fields before.

    Parameters
    ----------
    widths : sequence of int
        Of the embedding of each field; each has one row more, for what stands before a piece.
    body : nn.Module
        (pieces, length, sum of widths) → (pieces, length, width); sees nothing later.
    width, head : int
        Of the body's output, and of each head's hidden layer.
    dropout : float
    """

    def __init__(self, widths: Sequence[int], body: nn.Module, width: int, head: int, dropout: float) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(n + 1, w) for n, w in zip(SIZES, widths, strict=True)])
        for embedding in self.embeddings:
            nn.init.normal_(embedding.weight, std=0.3)
        self.body = body
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.ModuleList([nn.Linear(width + sum(widths[:i]), head) for i in range(len(FIELDS))])
        self.scores = nn.ModuleList([nn.Linear(head, n) for n in SIZES])

    def forward(self, before: Any, after: Any) -> list[Any]:
        """Scores of each field, (pieces, length, vocabulary).

        Parameters
        ----------
        before, after : tensors of int, shape (pieces, length, 4)
            The event before each event (the sizes of the vocabularies where there is none), and the event itself.
        """
        seen = torch.cat([embed(before[:, :, i]) for i, embed in enumerate(self.embeddings)], dim=2)
        state = self.drop(self.body(self.drop(seen)))
        known, found = [state], []
        for i, embed in enumerate(self.embeddings):
            hidden = torch.tanh(self.hidden[i](torch.cat(known, dim=2)))
            found.append(self.scores[i](self.drop(hidden)))
            known.append(embed(after[:, :, i]))
        return found


class RecurrentBody(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Long short-term memory (Hochreiter and Schmidhuber, Neural Computation 9, 1997), layer upon layer."""

    def __init__(self, inputs: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs, width, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)

    def forward(self, seen: Any) -> Any:
        """Its state after each event."""
        return self.lstm(seen)[0]


class AttentiveBody(nn.Module):  # type: ignore[misc]  # torch is not followed
    """A transformer that attends to the last events (:mod:`styleprint.models.language.attention`)."""

    def __init__(self, inputs: int, width: int, layers: int, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.reach = heads, reach
        self.enter = nn.Linear(inputs, width)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(2 * layers)])
        self.taken = nn.ModuleList([nn.Linear(width, 3 * width) for _ in range(layers)])
        self.given = nn.ModuleList([nn.Linear(width, width) for _ in range(layers)])
        self.wide = nn.ModuleList([nn.Linear(width, _WIDER * width) for _ in range(layers)])
        self.narrow = nn.ModuleList([nn.Linear(_WIDER * width, width) for _ in range(layers)])
        self.biases = nn.ModuleList([nn.Embedding(BUCKETS, heads) for _ in range(layers)])
        for bias in self.biases:
            nn.init.zeros_(bias.weight)
        self.leave = nn.LayerNorm(width)
        self.drop = nn.Dropout(dropout)
        self.register_buffer("bucket", torch.from_numpy(buckets_of(reach)), persistent=False)

    def forward(self, seen: Any) -> Any:
        """Its state after each event."""
        length = seen.shape[1]
        position = torch.arange(length, device=seen.device)
        distance = position.unsqueeze(1) - position.unsqueeze(0)
        is_hidden = (distance < 0) | (distance >= self.reach)
        bucket = self.bucket[distance.clamp(0, self.reach - 1)]
        state = self.enter(seen)
        for i in range(len(self.taken)):
            bias = self.biases[i](bucket).permute(2, 0, 1).masked_fill(is_hidden, -torch.inf)
            state = state + self.drop(self._attend(i, self.norms[2 * i](state), bias))
            wide = torch.relu(self.wide[i](self.norms[2 * i + 1](state)))
            state = state + self.drop(self.narrow[i](wide))
        return self.leave(state)

    def _attend(self, i: int, seen: Any, bias: Any) -> Any:
        pieces, length, width = seen.shape
        parts = self.taken[i](seen).reshape(pieces, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        share = torch.softmax(query @ key.transpose(2, 3) * query.shape[3] ** -0.5 + bias, dim=3)
        return self.given[i]((share @ value).permute(0, 2, 1, 3).reshape(pieces, length, width))
