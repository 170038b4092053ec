"""What all tests share: the real data where it is, and the pace of generated tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from small_corpus import bundle, corpus, service, styleprint, unseen  # noqa: F401  # fixtures of all tests

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile("styleprint", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("styleprint")


@pytest.fixture(scope="session")
def shared_data():
    """The folder beside the repository that holds `data` and `checks`; the test is skipped where it is missing."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"needs the data sets in {SHARED}, which users do not have")
    return SHARED
