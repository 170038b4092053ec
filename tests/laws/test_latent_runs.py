"""Where pieces lie by their runs: what singular vectors must satisfy, and what is left where a passage is gone."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from model_cases import rows
from sequence_cases import sequences, table_of
from styleprint.models.base import Inputs, Lists, check_training, read_inputs
from styleprint.models.held_out import inner_pairs
from styleprint.models.latent_runs import LatentRuns
from styleprint.models.networks.encoding import learn_encoding
from styleprint.models.networks.summary import Summary
from styleprint.models.passages import cut_rows
from styleprint.models.views import choose_views


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Chords of 24 pieces."""
    table = table_of(tmp_path_factory.mktemp("chords"), *sequences(pieces=8, length=30))
    return read_inputs(table.inputs(), ())


def lessons(count, weight=None, groups=None):
    """Rows of two labels."""
    return check_training(np.arange(count) % 2, groups, weight, count)


def learnt(inputs, weight=None, splits=()):
    training = lessons(inputs.n_rows, weight)
    return LatentRuns.learn(inputs, choose_views(inputs.streams), training, splits, seed=0)


def weighed(runs, inputs):
    """Rows as n-grams weigh them, a count as 1 + log(count)."""
    counts = runs.space.count(inputs, cut_rows(inputs, runs.space.views, moments=None))
    return runs.space.weigh(counts, lambda count: 1.0 + np.log(count)).toarray()


def take(inputs, chosen):
    """Some rows."""
    streams = {}
    for name, lists in inputs.streams.items():
        own = [lists.row(row) for row in chosen]
        streams[name] = Lists(np.concatenate(own), np.cumsum([0, *map(len, own)]).astype(np.int64))
    return Inputs(inputs.features[chosen], inputs.feature_names, streams, len(chosen))


def test_directions_are_the_singular_vectors_of_the_rows(inputs):
    """As LAPACK finds them, where they are told apart: the same spread, the same places but for the sign."""
    runs, coordinates = learnt(inputs)
    left, spread, _ = np.linalg.svd(weighed(runs, inputs), full_matrices=False)
    assert runs.directions.shape[1] == 8
    assert np.allclose(np.linalg.norm(runs.directions.astype(float), axis=0), 1.0, atol=2e-3)
    assert np.allclose(np.linalg.norm(coordinates, axis=0), spread[:8], rtol=0.02)
    assert np.allclose(np.abs(coordinates[:, :3]), np.abs(left[:, :3] * spread[:3]), atol=1e-3)


def test_rows_are_placed_the_same_alone_and_after_storage(inputs):
    runs, coordinates = learnt(inputs)
    assert np.allclose(runs.apply(inputs), coordinates, atol=1e-5)
    again = LatentRuns.from_state(runs.to_state())
    alone = np.concatenate([again.apply(take(inputs, [row])) for row in range(inputs.n_rows)])
    assert np.allclose(alone, coordinates, atol=1e-5)


def test_copies_that_share_a_weight_turn_nothing(inputs):
    """A row twice with half of the weight each: the same frequencies, the same directions."""
    once, _ = learnt(inputs)
    every = np.concatenate([np.arange(inputs.n_rows), [0, 0, 5]])
    weight = np.ones(len(every))
    for row in (0, 5):
        weight[every == row] = 1 / (every == row).sum()
    twice, _ = learnt(take(inputs, every), weight)
    assert twice.space.idf == pytest.approx(once.space.idf)
    count = once.directions.shape[1] // 2
    first, other = once.directions[:, :count].astype(float), twice.directions[:, :count].astype(float)
    assert np.abs(first @ first.T - other @ other.T).max() < 5e-3


def test_runs_of_a_passage_are_gone(inputs):
    """Counted in Python: all runs that begin elsewhere, weighed and placed."""
    runs, _ = learnt(inputs)
    own = take(inputs, [3])
    length = len(next(iter(own.streams.values())).row(0))
    cuts = np.array([0, 4, 5, 20, length])
    found = runs.without(own, {view.stream: cuts for view in runs.space.views})
    for k, (start, end) in enumerate(itertools.pairwise(cuts)):
        every = {view.stream: [np.array([0, start, end, length])] for view in runs.space.views}
        parts = type(cut_rows(own, runs.space.views, moments=None))(np.zeros(3, dtype=np.intp), every)
        left = [block[[0, 2]].sum(axis=0) for block in runs.space.count(own, parts)]
        vector = []
        for counts, a, b in zip(left, runs.space.borders[:-1], runs.space.borders[1:], strict=True):
            value = np.asarray(counts).ravel()
            dampened = np.where(value > 0, 1.0 + np.log(np.maximum(value, 1.0)), 0.0) * runs.space.idf[a:b]
            vector.append(dampened / max(np.linalg.norm(dampened), 1e-12) / np.sqrt(len(left)))
        assert np.allclose(found[k], np.concatenate(vector) @ runs.directions.astype(float), atol=1e-5)


def test_runs_point_where_rows_that_have_them_lie(inputs):
    """The vectors of a row's tokens, each run once and not dampened, add up to its place before blocks are scaled."""
    runs, _ = learnt(inputs)
    views = [view for view in runs.space.views if view.name == "chords"]
    encoding = learn_encoding(inputs, [replace(views[0], orders=(order,)) for order in views[0].orders])
    vectors = runs.point(encoding.views, encoding.hashes, 5)
    assert [len(own) for own in vectors] == list(encoding.sizes)
    assert all((own[0] == 0).all() for own in vectors)
    row = take(inputs, [2])
    heard = sum(own[column] for own, column in zip(vectors, encoding.encode(row).values.T, strict=True)).sum(axis=0)
    v = runs.space.views.index(views[0])
    block = slice(*runs.space.borders[v : v + 2])
    counts = runs.space.count(row, cut_rows(row, runs.space.views, moments=None))[v].toarray()[0]
    assert np.allclose(heard, (counts * runs.space.idf[block]) @ runs.directions[block, :5].astype(float), atol=1e-4)


def test_rows_without_a_shared_run_have_no_place():
    streams = {"tokens.token": Lists(np.arange(6, dtype=np.int64), np.array([0, 3, 6]))}
    assert learnt(Inputs(np.empty((2, 0)), (), streams, 2)) is None


def noise(random, pieces, length=150):
    """Rows of tokens that nobody wrote, some tokens commoner than others."""
    tokens = np.minimum(random.zipf(1.3, pieces * length), 400).astype(np.int64)
    return Inputs(np.empty((pieces, 0)), (), {"tokens.token": Lists(tokens, np.arange(pieces + 1) * length)}, pieces)


def test_rows_held_out_lie_as_far_out_as_new_rows():
    """Of noise: rows placed with their own help lie farther out than new rows, those placed by other folds as far."""
    random = np.random.default_rng(0)
    own, new = noise(random, 150), noise(random, 150)
    splits = inner_pairs(lessons(150), 3, 0)
    helped, coordinates = learnt(own)
    assert (helped.apply(new) ** 2).mean() < 0.7 * (coordinates**2).mean()
    runs, coordinates = learnt(own, splits=splits)
    assert (runs.apply(new) ** 2).mean() == pytest.approx((coordinates**2).mean(), rel=0.12)


def test_a_row_has_no_part_in_the_directions_that_place_it(inputs):
    """As LAPACK places rows of a fold along what the others span, seen along all rows' directions; not as these do."""
    train, test = inner_pairs(lessons(inputs.n_rows), 3, 0)[0]
    helped, with_help = learnt(inputs)
    _, coordinates = learnt(inputs, splits=inner_pairs(lessons(inputs.n_rows), 3, 0))
    matrix = weighed(helped, inputs)
    others = np.linalg.svd(matrix[train], full_matrices=False)[2][:8]
    every = np.linalg.svd(matrix, full_matrices=False)[2][:3]
    wanted = matrix[test] @ others.T @ others @ every.T
    assert np.allclose(np.abs(coordinates[test, :3]), np.abs(wanted), atol=5e-3)
    assert np.abs(np.abs(with_help[test, :3]) - np.abs(wanted)).max() > 0.02


@pytest.mark.parametrize(
    "change",
    [
        lambda own: own[:3, :2],
        lambda own: np.full_like(own, np.nan),
        lambda own: np.tile(own, (1, 9)),
        lambda own: own[:, :0],
    ],
)
def test_a_forged_state_is_refused(inputs, change):
    runs, _ = learnt(inputs)
    with pytest.raises(ValueError, match="directions"):
        LatentRuns.from_state(runs.to_state() | {"directions": change(runs.directions)})


def test_a_summary_reads_features_and_runs():
    """Features first, then runs, as normal scores; without a passage features stay and runs change."""
    X, _, _ = rows(("Anna", "Bruno"), 6)
    inputs = read_inputs(X)
    summary, scores = Summary.learn(inputs, choose_views(inputs.streams), lessons(len(X)), (), seed=0)
    count = len(summary.feature_names)
    assert scores.shape == (len(X), summary.n_numbers)
    assert summary.n_numbers > count > 0
    assert np.abs(scores).max() <= 3.0
    again = Summary.from_state(summary.to_state())
    assert np.allclose(again.apply(inputs), scores, atol=1e-4)
    assert summary.fits(inputs.feature_names, tuple(inputs.streams))
    assert not summary.fits(inputs.feature_names[::-1], tuple(inputs.streams))
    assert not summary.fits(inputs.feature_names, ("notes.interval",))
    with pytest.raises(ValueError, match="quantiles"):
        Summary.from_state(summary.to_state() | {"rank_quantiles": np.full_like(summary.ranks.quantiles, np.nan)})
    own = take(inputs, [0])
    borders = {}
    for view in summary.runs.space.views:
        length = len(own.streams[view.columns[0]].row(0))
        borders[view.stream] = np.array([0, length // 2, length])
    left = summary.without(own, borders)
    assert np.allclose(left[0], summary.apply(own)[0])
    assert np.array_equal(left[1:, :count], np.repeat(left[:1, :count], 2, axis=0))
    assert (np.abs(left[1:, count:] - left[0, count:]).max(axis=1) > 0.01).all()
