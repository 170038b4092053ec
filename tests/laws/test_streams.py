"""Streams keep what they declare, stay inside their vocabularies, and say one thing a moment."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import styleprint.features.streams
from strategies import scores
from styleprint.features.context import ScoreContext
from styleprint.features.streams.registry import STREAMS, load_stream, stream_names
from styleprint.features.streams.stream import ONSETS
from styleprint.music.changes import CHANGES, keep_notes

OF_SCORES = stream_names("score")


def tokens(stream, score):
    return stream.compute(ScoreContext(score))


def test_folder_and_registry_agree():
    """A module of the room that has a STREAM stands in the registry under the stream's name."""
    there = {}
    for path in Path(styleprint.features.streams.__file__).parent.glob("*.py"):
        module = importlib.import_module(f"styleprint.features.streams.{path.stem}")
        if hasattr(module, "STREAM"):
            there[module.STREAM.name] = f"{module.__name__}:STREAM"
    assert there == STREAMS.table


@pytest.mark.parametrize("name", OF_SCORES)
@given(score=scores())
def test_tokens_lie_in_their_vocabularies(name, score):
    """Every field has one token a moment, of type int32, inside 0 … size − 1; moments rise."""
    stream = load_stream(name)
    found = tokens(stream, score)
    assert set(found) == {*stream.fields, ONSETS}
    assert len({len(column) for column in found.values()}) == 1
    assert (np.diff(found[ONSETS]) >= 0).all()
    for field, about in stream.fields.items():
        assert found[field].dtype == np.int32
        assert ((found[field] >= 0) & (found[field] < about.size)).all(), field


@pytest.mark.parametrize("change", sorted({c for name in OF_SCORES for c in load_stream(name).unchanged_by}))
@given(score=scores())
def test_streams_keep_what_they_declare(change, score):
    """No token notices a change that its stream declares not to notice."""
    in_range = score.midi_pitch[~score.is_unpitched]
    if change == "transposition" and len(in_range) and in_range.max() > 122:
        score = keep_notes(score, score.midi_pitch <= 122)
    changed = CHANGES[change](score)
    for name in OF_SCORES:
        stream = load_stream(name)
        before, after = tokens(stream, score), tokens(stream, changed)
        broken = [field for field in stream.fields if not np.array_equal(before[field], after[field])]
        assert change not in stream.unchanged_by or not broken, f"{change} changes {name}: {broken}"


@pytest.mark.parametrize("name", STREAMS)
def test_every_token_has_a_name(name):
    """Words for people exist for the whole vocabulary, and differ for most tokens."""
    for field, about in load_stream(name).fields.items():
        names = [about.name(token) for token in range(about.size)]
        assert all(names), field
        assert len(set(names)) == about.size, field
