"""Key profiles and global keys beside music21's."""

import numpy as np
import pytest

from styleprint.theory.key_profiles import KEY_PROFILES, key_correlations

discrete = pytest.importorskip("music21.analysis.discrete")

THEIRS = {
    "krumhansl_kessler": "KrumhanslSchmuckler",
    "temperley": "TemperleyKostkaPayne",
    "aarden_essen": "AardenEssen",
    "bellman_budge": "BellmanBudge",
}


@pytest.mark.parametrize("name", THEIRS)
def test_profiles_are_those_that_music21_quotes(name):
    """Albrecht and Shanahan's is not in music21."""
    analysis = getattr(discrete, THEIRS[name])()
    for ours, mode in zip(KEY_PROFILES[name], ("major", "minor"), strict=True):
        assert np.allclose(ours, analysis.getWeights(mode), rtol=1e-4)


@pytest.mark.parametrize("name", KEY_PROFILES)
@pytest.mark.parametrize("key", range(24))
def test_each_profile_is_rotated_to_its_key(name, key):
    """What sounds as the profile of a key says correlates perfectly with that key, and less with all others."""
    weights = np.roll(KEY_PROFILES[name][key // 12], key % 12)
    correlations = key_correlations(np.array(weights), name)
    assert correlations.argmax() == key
    assert correlations[key] == pytest.approx(1.0)
    assert (np.delete(correlations, key) < 0.999).all()
