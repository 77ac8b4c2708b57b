"""The Sizing group."""

from __future__ import annotations

from xlalvh.formulas.errors import num_error
from xlalvh.formulas.registry import Argument, Kind, formula
from xlalvh.strategy import rules, sizing

SIZING = "Sizing"


def coverage_rule(argument: str, name: str, help: str) -> Argument:
    """An optional argument whose default is a threshold of the coverage band."""
    value = rules.default(name)
    return Argument(
        argument, Kind.SINGLE, f"{help}; {value:g} if omitted", "ratio", above=0, optional=True, default=value
    )


@formula(
    category=SIZING,
    help="Coverage: the ladder's dollars per VIX point over the condor's.",
    arguments=(
        Argument("vol_exposure", Kind.NUMBER, "ladder, dollars per point of spot VIX, signed", "dollars per VIX point"),
        Argument(
            "condor_vega",
            Kind.NUMBER,
            "condor, tenor-weighted vega, signed (short is below 0)",
            "dollars per VIX point",
        ),
    ),
    result="Ratio; 1 offsets the condor's vega. #NUM! where both have the same sign, or the condor has no vega.",
    source="seed: spikes article (band 0.6 to 1.2)",
    example={"vol_exposure": 178.0, "condor_vega": -1650.0},
    paired=True,
    broadcasts=True,
    unavailable="vol_exposure and condor_vega have the same sign, or the condor has no vega: nothing is hedged; a "
    "short condor's vega is negative",
)
def alvh_coverage(vol_exposure, condor_vega):
    return sizing.coverage(vol_exposure, condor_vega)


@formula(
    category=SIZING,
    help="Vega weighted by tenor: what a position gains per point of VIX, vega x (30 / days)^exponent.",
    arguments=(
        Argument("vega", Kind.NUMBER, "per point of the options' own volatility, signed", "dollars"),
        Argument("days", Kind.NUMBER, "calendar days to expiry", "days", above=0),
        Argument(
            "exponent",
            Kind.NUMBER,
            f"{rules.default('vega_tenor_exponent'):g} if omitted",
            "exponent",
            low=0,
            high=1,
            optional=True,
            default=rules.default("vega_tenor_exponent"),
        ),
    ),
    result="Dollars per VIX point, one a position.",
    source="measured: volatilities of longer tenors move less per point of VIX",
    example={"vega": -1624.0, "days": 45.0, "exponent": 0.4},
    paired=True,
    broadcasts=True,
)
def alvh_tenor_vega(vega, days, exponent):
    return sizing.tenor_weighted(vega, days, exponent)


@formula(
    category=SIZING,
    help="Whole 4/4/2 units whose coverage lies inside the band and nearest to the target.",
    arguments=(
        Argument("condor_vega", Kind.SINGLE, "condor, tenor-weighted vega, signed", "dollars per VIX point"),
        Argument("unit_vol_exposure", Kind.SINGLE, "one unit's vol exposure, signed", "dollars per VIX point"),
        coverage_rule("target", "target_coverage", "coverage to aim at"),
        coverage_rule("low", "coverage_low", "lower end of the band"),
        coverage_rule("high", "coverage_high", "upper end of the band"),
    ),
    result="Units. #NUM! where no whole number fits: ALVH_EXPLAIN names the condor size that would do.",
    source="seed: spikes article",
    example={"condor_vega": -1650.0, "unit_vol_exposure": 178.0, "target": 0.9, "low": 0.6, "high": 1.2},
)
def alvh_hedge_units(condor_vega, unit_vol_exposure, target, low, high):
    if not low <= target <= high:
        raise num_error(f"target is {target:g}; it must lie in the band from low {low:g} to high {high:g}")
    try:
        fit = sizing.hedge_units(condor_vega, unit_vol_exposure, target, low, high)
    except ValueError as error:
        raise num_error(str(error)) from error
    if fit.units is None:
        raise num_error(
            f"no whole number of units covers {low:g} to {high:g} of the condor; the smallest condor that would do has "
            f"{fit.least_growth:.3g} times its contracts"
        )
    return fit.units
