"""Every threshold of the method in one table, each with where it comes from.

The Rules sheet shows and edits it; the defaults below are the only place where the numbers stand.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One threshold."""

    name: str
    value: float
    unit: str
    meaning: str
    source: str


RULES: tuple[Rule, ...] = (
    Rule("condor_days", 45, "days", "target time to expiry of the condor (SPXW)", "product default"),
    Rule(
        "condor_days_tolerance",
        15,
        "days",
        "an expiry further from the target than this is not used",
        "product default",
    ),
    Rule(
        "put_delta",
        0.16,
        "delta",
        "magnitude of the short put's delta",
        "product default; seeds: 0.30-0.45 in contango (nearer, though called 'wider'), 0.15-0.20 in backwardation",
    ),
    Rule("call_delta", 0.16, "delta", "magnitude of the short call's delta", "as put_delta"),
    Rule("wing_width", 50, "points", "distance of the long strikes from the short ones", "product default"),
    Rule("lots", 10, "condors", "number of condors sold", "product default"),
    Rule(
        "front_min_days",
        14,
        "days",
        "the front layer is the first monthly VIX expiry at least this far out",
        "product default",
    ),
    Rule(
        "target_coverage", 0.9, "ratio", "ladder exposure over condor exposure to aim at", "middle of the seeds' band"
    ),
    Rule(
        "coverage_low", 0.6, "ratio", "lower end of the band", "seed: spikes article, 0.6x of the condor's short vega"
    ),
    Rule(
        "coverage_high", 1.2, "ratio", "upper end of the band", "seed: spikes article, 1.2x of the condor's short vega"
    ),
    Rule(
        "vega_tenor_exponent",
        0.4,
        "exponent",
        "condor vega counts (30 / days)^this per VIX point",
        "measured: how much less the volatility of far tenors moves",
    ),
    Rule(
        "beta_c",
        0.146,
        "ratio",
        "tenor beta, level: c + A exp(-kappa T)",
        "fit to daily changes of VX contracts 2013-2026",
    ),
    Rule("beta_a", 0.582, "ratio", "tenor beta, height A", "as beta_c; 21-day changes give 0.126, 0.631, 4.65"),
    Rule("beta_kappa", 5.75, "per year", "tenor beta, decay kappa", "as beta_c"),
    Rule(
        "cut_deep_backwardation",
        -0.08,
        "slope",
        "below: deep backwardation",
        "product definition; slope is CM60 / CM30 - 1",
    ),
    Rule("cut_backwardation", -0.02, "slope", "below: backwardation", "product definition"),
    Rule("cut_contango", 0.02, "slope", "above: contango", "product definition"),
    Rule("cut_steep_contango", 0.08, "slope", "above: steep contango", "product definition"),
)

DEFAULTS: dict[str, float] = {rule.name: rule.value for rule in RULES}


def default(name: str) -> float:
    """The default of a rule."""
    return DEFAULTS[name]


def regime_cuts() -> tuple[float, float, float, float]:
    """The four slopes that part the five regimes, ascending."""
    return (
        default("cut_deep_backwardation"),
        default("cut_backwardation"),
        default("cut_contango"),
        default("cut_steep_contango"),
    )


def beta_params() -> tuple[float, float, float]:
    """c, A and kappa of the tenor beta."""
    return default("beta_c"), default("beta_a"), default("beta_kappa")
