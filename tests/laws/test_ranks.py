"""Normal scores of one row are those that it has among many, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from styleprint.models.kernel import RankNormal


@given(st.integers(0, 2**32 - 1), st.integers(2, 260), st.booleans())
def test_a_row_by_itself(seed, n_rows, is_rounded):
    """Ties, constant columns, columns of NaN, values between, at and beyond those learnt from."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(n_rows, 12))
    rows = np.round(rows) if is_rounded else rows
    rows[:, 3], rows[:, 4] = 2.0, np.nan
    rows[random.random(rows.shape) < 0.05] = np.nan
    ranks = RankNormal.learn(rows, np.ones(n_rows))
    asked = np.concatenate(
        [rows[:20], 3 * rows[:20], ranks.quantiles[:20], np.full((1, 12), 1e9), random.normal(size=(9, 12))]
    )
    together = ranks.apply(asked)
    alone = np.concatenate([ranks.apply(row[None]) for row in asked])
    np.testing.assert_array_equal(alone, together)
