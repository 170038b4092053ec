"""Variants of the sequences of a table, for training sides: made of each piece alone, its tokens derived again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from styleprint.corpus.selection import select_rows
from styleprint.extraction.sequences import Sequences, from_streams, to_streams
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import Forms
from styleprint.features.streams.chord_variants import ChordArray
from styleprint.support.hashing import hash_bytes
from styleprint.workflows.options import AugmentOptions, RunOptions
from styleprint.workflows.prepare import Prepared
from styleprint.workflows.variant_names import forms_of_table, read_names
from styleprint.workflows.variant_plan import Plan, say_augmented

__all__ = ["augment_sequences"]


def augment_sequences(prepared: Prepared, source: Path, options: AugmentOptions, run: RunOptions) -> Prepared:
    """The same table with variants of its sequences.

    A piece is its sequence: equal sequences have equal variants. Numbers that teach beside it are those of the piece.

    Raises
    ------
    UsageError
        U168, where the table has no sequences of which variants can be made, or the names mean nothing.
    """
    forms = forms_of_table(prepared.table, source)
    counts = read_names(options.names, forms)
    pieces = from_streams(prepared.table.frame)
    rows = select_rows(prepared.table.frame).rows.tolist()
    own = {row: pieces.tokens[pieces.offsets[row] : pieces.offsets[row + 1]] for row in rows}
    hashes = {row: hash_bytes(tokens.astype("<i8").tobytes()) for row, tokens in own.items()}
    plan = Plan.of(prepared.table.frame, hashes, counts, options.to, run.seed)
    made = {row: _make(own[row], hashes[row], keys, forms) for row, keys in plan.keys.items()}
    variants = _in_turn(prepared.table, plan, made, options)
    table = replace(prepared.table, notes=(*prepared.table.notes, say_augmented(variants, options)))
    return replace(prepared, table=table, augmented=variants)


def _make(piece: ChordArray, piece_hash: str, keys: tuple[str, ...], forms: Forms) -> dict[str, ChordArray]:
    """Variant → its sequence; without those that would be the piece itself."""
    found = {key: forms.draw(piece, piece_hash, key) for key in keys}
    return {key: tokens for key, tokens in found.items() if tokens is not piece}


def _in_turn(
    table: Table, plan: Plan, made: Mapping[int, Mapping[str, ChordArray]], options: AugmentOptions
) -> Variants:
    order = plan.in_turn(made)
    tokens = [made[row][key] for row, key in order]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in tokens])]).astype(np.int64)
    sequences = Sequences(np.concatenate([np.empty(0, np.int64), *tokens]), offsets, is_chords=True)
    of = np.array([row for row, _ in order], dtype=np.intp)
    inputs = table.inputs()
    beside = inputs[table.names("feature")].iloc[of].reset_index(drop=True)
    return Variants(beside.assign(**to_streams(sequences, "chords")[0])[list(inputs)], of, options.to)
