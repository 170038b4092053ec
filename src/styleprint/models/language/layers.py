"""The networks that learn to continue events, in torch: embeddings, a body that sees the past, a chain of heads.

:mod:`styleprint.models.language.machine` has the same networks in NumPy, which answer; a test holds the two against
each other.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from styleprint.models.language.attention import BUCKETS, buckets_of
from styleprint.models.language.hearing import ASKED, INTERVALS, MET, NEAREST, PHASE, PHASES, REFERENCES
from styleprint.models.language.machine import Widths
from styleprint.models.language.rows import FIELDS, PITCH, SIZES

__all__ = ["AttentiveBody", "LanguageNetwork", "RecurrentBody"]


_WIDER = 4
"""Times the width of a transformer, between its two products."""


class LanguageNetwork(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Events before → scores of each field of the next, given its fields before.

    Parameters
    ----------
    widths : Widths
    body : nn.Module
        (pieces, length, `widths.seen`) → (pieces, length, width); sees nothing later.
    width, head : int
        Of the body's output, and of each head's hidden layer.
    dropout : float
    """

    def __init__(self, widths: Widths, body: nn.Module, width: int, head: int, dropout: float) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList([nn.Embedding(n + 1, w) for n, w in zip(SIZES, widths.fields, strict=True)])
        self.phases = nn.Embedding(PHASES + 1, widths.phase)
        self.asked = nn.ModuleList([nn.Embedding(INTERVALS, w, padding_idx=0) for w in widths.asked])
        self.met = nn.ModuleList([nn.Embedding(INTERVALS, w, padding_idx=0) for w in widths.met])
        for table in (*self.embeddings, self.phases, *self.asked, *self.met):
            nn.init.normal_(table.weight[int(table.padding_idx is not None) :], std=0.3)
        self.body = body
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.ModuleList([nn.Linear(width + widths.known(i), head) for i in range(len(FIELDS))])
        self.scores = nn.ModuleList([nn.Linear(head, n) for n in SIZES])
        self.relative = nn.ModuleList([nn.Linear(head, INTERVALS - 1) for _ in REFERENCES])

    def forward(self, before: Any, after: Any) -> list[Any]:
        """Scores of each field, (pieces, length, vocabulary).

        Parameters
        ----------
        before, after : tensors of int, shape (pieces, length, columns)
            The event before each event, and the event itself, as :func:`styleprint.models.language.hearing.hear` has
            them.
        """
        state = self.drop(self.body(self.drop(self._see(before))))
        fields = [embed(after[:, :, i]) for i, embed in enumerate(self.embeddings)]
        phase, asked = self.phases(after[:, :, PHASE]), self._look_up(self.asked, ASKED, after)
        own = self.met[0](after[:, :, MET[0]]).sum(dim=2)
        known = [[], [fields[0], phase], [*fields[:2], phase, *asked], [*fields[:3], phase, *asked, own]]
        found = []
        for i, each in enumerate(known):
            hidden = self.drop(torch.tanh(self.hidden[i](torch.cat([state, *each], dim=2))))
            found.append(self.scores[i](hidden))
            if i == PITCH:
                found[i] = found[i] + self._place(hidden, after)
        return found

    def _see(self, events: Any) -> Any:
        fields = [embed(events[:, :, i]) for i, embed in enumerate(self.embeddings)]
        return torch.cat([*fields, self.phases(events[:, :, PHASE]), *self._look_up(self.met, MET, events)], dim=2)

    def _look_up(self, tables: Any, columns: Sequence[slice], events: Any) -> list[Any]:
        """Of each table the sum of what its columns name."""
        return [table(events[:, :, own]).sum(dim=2) for table, own in zip(tables, columns, strict=True)]

    def _place(self, hidden: Any, events: Any) -> Any:
        """Scores of intervals from each reference, as scores of pitches."""
        pitches = torch.arange(SIZES[PITCH], device=hidden.device)
        total = 0.0
        for column, scores in zip(REFERENCES, self.relative, strict=True):
            away = (pitches - events[:, :, column].unsqueeze(2)).clamp(-NEAREST, NEAREST) + NEAREST
            total = total + torch.gather(scores(hidden), 2, away)
        return total


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
