"""Fixtures of the tests of the scores."""

from pathlib import Path

import pytest
from tiny_gold import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A folder to score graphs in."""
    return Bench(tmp_path)
