"""Weights of confidence are learned from candidates and their verdicts."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from training.calibration import RAREST, Regression, Row, cross_validated, report


def _rows(count: int) -> list[Row]:
    """Candidates that are right where the scorer says so, in documents of ten."""
    return [
        Row(f"d{number // 10}", {"bias": 1.0, "score": 2.0 if number % 2 else -2.0}, number % 2 == 1)
        for number in range(count)
    ]


def test_what_tells_right_from_wrong_gets_weight() -> None:
    fitted = Regression(_rows(200))
    shares = fitted.probabilities(_rows(2))
    assert shares[0] < 0.1 < 0.9 < shares[1]
    assert "score\t" in fitted.table()


def test_rare_features_are_left_out() -> None:
    rows = [Row("d", {"bias": 1.0, **({"rare": 1.0} if number < RAREST - 1 else {})}, True) for number in range(20)]
    assert "rare" not in Regression(rows).names


def test_cross_validation_gives_every_row_a_share() -> None:
    rows = _rows(100)
    shares = cross_validated(rows, 5)
    assert shares.shape == (100,)
    assert np.all((shares > 0) & (shares < 1))
    assert "100 candidates, 0.500 right" in report(rows, shares)
