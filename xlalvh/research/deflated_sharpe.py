"""The deflated Sharpe ratio: how likely the best of many trials has any skill, after what luck alone gives the best.

Bailey and López de Prado, The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting and
Non-Normality, Journal of Portfolio Management 40 (5), 2014. All Sharpe ratios are a period's, not annualised.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

EULER = 0.5772156649015329
_NORMAL = NormalDist()


def expected_best(variance: float, trials: int) -> float:
    """The Sharpe ratio that the best of `trials` independent ones without skill has on average.

    Parameters
    ----------
    variance : of the trials' Sharpe ratios
    trials : at least 1; one has no luck to correct for
    """
    if trials < 2:
        return 0.0
    near, far = (_NORMAL.inv_cdf(1.0 - 1.0 / (trials * scale)) for scale in (1.0, math.e))
    return math.sqrt(variance) * ((1.0 - EULER) * near + EULER * far)


def deflated(sharpe: float, periods: int, skew: float, kurtosis: float, variance: float, trials: int) -> float:
    """The probability that the true Sharpe ratio of the chosen trial is above what luck gives the best of all.

    Parameters
    ----------
    sharpe : of the chosen trial
    periods : that it was measured over
    skew, kurtosis : of its returns; the normal distribution's kurtosis is 3
    variance : of all trials' Sharpe ratios
    trials : how many were tried; those that are alike count as one each, which errs on the strict side

    Returns
    -------
    float
        NaN where there are fewer than two periods, or the moments allow no standard error.
    """
    spread = 1.0 - skew * sharpe + 0.25 * (kurtosis - 1.0) * sharpe**2
    if periods < 2 or not spread > 0.0:
        return math.nan
    return _NORMAL.cdf((sharpe - expected_best(variance, trials)) * math.sqrt(periods - 1.0) / math.sqrt(spread))


def variance(values: Sequence[float]) -> float:
    """Sample variance; 0 of one value."""
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1)
