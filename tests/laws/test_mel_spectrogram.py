"""The mel-spectrogram as a stream: levels, moments, what it does not notice, and the way through a table."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sound_cases import RATE_HZ, STRANGE, VARIED, band, recording, tone
from styleprint.extraction.cache import RowCache, cached_row
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import extract_row, frame_of_rows, row_columns
from styleprint.extraction.table import Table, read_table, write_table
from styleprint.features.sound_context import SoundContext
from styleprint.features.streams.registry import load_stream, stream_levels, stream_names
from styleprint.models.base import holds_streams, level_columns, read_inputs
from styleprint.sound.changes import CHANGES
from styleprint.sound.mel_image import FLOOR_DB, mel_image, mel_levels
from styleprint.support.errors import ModelError
from styleprint.workflows.recipes import whole_recipe

RECIPE = Recipe.of((), ("mel_spectrogram",), kind="recording")
LEVEL, ONSET = "mel_spectrogram.level", "mel_spectrogram.onset_seconds"


def computed(sound):
    return load_stream("mel_spectrogram").compute(SoundContext(sound))


def frame(sounds):
    return frame_of_rows([extract_row(sound, RECIPE) for sound in sounds], RECIPE)


@pytest.mark.parametrize("name", STRANGE)
def test_levels_lie_in_their_range(name):
    """64 numbers of float16 a moment, −80 to 0 dB; the loudest is 0; moments rise; neither end is silent."""
    found = computed(STRANGE[name])
    level, moment = found["level"], found["onset_seconds"]
    assert level.dtype == np.float16
    assert level.shape == (len(moment), 64)
    assert (np.diff(moment) > 0).all()
    assert ((level >= FLOOR_DB) & (level <= 0)).all()
    if len(level):
        assert level.max() == 0
        assert (level[[0, -1]] > FLOOR_DB).any(axis=1).all()


@pytest.mark.parametrize("change", load_stream("mel_spectrogram").unchanged_by)
def test_it_keeps_what_it_declares(change):
    """To the precision of float16 at 80 dB."""
    for sound in VARIED:
        before, after = computed(sound), computed(CHANGES[change](sound))
        assert before["level"].shape == after["level"].shape
        assert np.abs(before["level"].astype(float) - after["level"]).max() < 0.1
        assert np.array_equal(before["onset_seconds"], after["onset_seconds"])


def test_padding_with_silence_adds_the_end_of_the_last_frame():
    """One moment, which holds what the frames beyond the end still reach; the others stay."""
    for sound in VARIED:
        before, after = computed(sound), computed(CHANGES["silence_padding"](sound))
        assert len(after["level"]) - len(before["level"]) in (0, 1)
        n = len(before["level"]) - 1
        assert np.abs(before["level"][:n].astype(float) - after["level"][:n]).max() < 0.1


def test_a_moment_is_where_it_sounds():
    """A click in silence: the levels before and after it are left out, and its moment is told."""
    samples = np.zeros(4 * RATE_HZ)
    samples[2 * RATE_HZ] = 0.5
    found = computed(recording(samples))
    assert 1 <= len(found["level"]) <= 4
    assert np.abs(found["onset_seconds"] - 2.0).max() < 0.1


def test_a_tone_is_in_its_band():
    """1,000 Hz is 15 mel; of 128 bands whose middles lie 49.91 / 129 mel apart the 39th is nearest, of 64 the 20th."""
    level = computed(recording(tone(1000)))["level"]
    assert int(level.astype(float).mean(axis=0).argmax()) == 19


def test_image_and_stream_are_of_one_definition():
    """The image has 128 bands and every frame; pooled by power it is the stream."""
    sound = band(1, length=4.0)
    image = mel_image(sound, 4.0).T
    pooled = mel_levels((10.0 ** (image / 10.0)).astype(np.float32), bands=2, frames=2)
    level = computed(sound)["level"]
    is_loud = level > -60  # what is nearer the floor was cut in the image
    assert is_loud.mean() > 0.3
    assert np.abs(pooled[: len(level)] - level)[is_loud].max() < 0.2


def test_only_a_recipe_that_names_it_has_it():
    """`extract` makes it for a model that asks for it, and never by itself."""
    assert stream_names("recording") == ("mel_spectrogram",)
    assert not whole_recipe("recording").streams
    assert list(whole_recipe("recording", models=["mel_convolutions"]).streams) == ["mel_spectrogram"]
    assert row_columns(RECIPE)[LEVEL].unit == "dB"
    assert row_columns(RECIPE)[ONSET].unit == "seconds"


def test_a_table_holds_it_as_it_was(tmp_path):
    """Written, read, rows chosen and joined; from the cache too: the same levels, as aligned lists of float16."""
    rows = frame([VARIED[0], STRANGE["silence"], VARIED[1]])
    columns = row_columns(RECIPE)
    write_table(Table(rows, columns, RECIPE.to_json()), tmp_path / "rows.parquet")
    again = read_table(tmp_path / "rows.parquet").frame
    kind = again[LEVEL].dtype.pyarrow_dtype
    assert kind.value_type.value_type == pa.float16()
    joined = pd.concat([again, again], ignore_index=True).iloc[[5, 0, 1]]
    lists = read_inputs(joined, (), level_columns(joined)).streams
    for i, sound in enumerate((VARIED[1], VARIED[0], STRANGE["silence"])):
        for name in (LEVEL, ONSET):
            assert np.array_equal(lists[name].row(i), computed(sound)[name.rpartition(".")[2]])
    cache = RowCache(tmp_path / "cache")
    for _ in range(2):
        row = cached_row(VARIED[0], RECIPE, cache)
        assert np.array_equal(row.streams[LEVEL], computed(VARIED[0])["level"])


def test_who_reads_tokens_passes_over_it():
    """A row with levels alone has no tokens; models of sequences and of features do not see them."""
    rows = frame(VARIED)
    assert not holds_streams(rows)
    assert not read_inputs(rows).streams
    assert level_columns(rows) == (LEVEL, ONSET)
    assert stream_levels(LEVEL).size == 64
    assert stream_levels(ONSET) is None
    assert stream_levels("chords.root") is None


def test_silence_at_the_ends_is_no_music():
    """Of rows that users make: silent moments before and after are left out, those within stay."""
    rows = frame(VARIED[:2])
    lists = read_inputs(rows, (), level_columns(rows)).streams
    silence = np.full((3, 64), FLOOR_DB)
    longer = {}
    for name in (LEVEL, ONSET):
        middle = [[*lists[name].row(0)[:9], *([silence[0]] if name == LEVEL else [9.5]), *lists[name].row(0)[9:]]]
        values = [*middle, lists[name].row(1)]
        filling = silence if name == LEVEL else np.zeros(3)
        made = [np.concatenate([filling, np.array(value), filling]) for value in values]
        kind = rows[name].dtype.pyarrow_dtype
        longer[name] = pd.Series(pa.array([list(map(_plain, m)) for m in made], kind), dtype=pd.ArrowDtype(kind))
    again = read_inputs(pd.DataFrame(longer), (), (LEVEL, ONSET)).streams
    for name in (LEVEL, ONSET):
        assert len(again[name].row(0)) == len(lists[name].row(0)) + 1
        assert np.array_equal(again[name].row(1), lists[name].row(1))
    with pytest.raises(ModelError, match="as many moments"):
        read_inputs(pd.DataFrame({LEVEL: longer[LEVEL], ONSET: rows[ONSET]}), (), (LEVEL, ONSET))


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else float(value)
