"""Every threshold of the method in one table, each with where it comes from.

The Rules sheet shows and edits it; the defaults below are the only place where the numbers stand.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

NO_NUMBER = "the seeds give no number: 0 until you set it"


class Rule(NamedTuple):
    """One threshold, with what a value of it may be."""

    name: str
    value: float
    unit: str
    meaning: str
    source: str
    low: float
    high: float

    def check(self, value: float) -> None:
        """Raise ValueError for a blank (NaN) or a value outside `low` to `high`."""
        if not math.isfinite(value):
            raise ValueError(f"rules: {self.name} is blank or no number; enter {self.meaning} ({self.unit})")
        if not self.low <= value <= self.high:
            raise ValueError(
                f"rules: {self.name} is {value:g}; it must be from {self.low:g} to {self.high:g} ({self.meaning})"
            )


RULES: tuple[Rule, ...] = (
    Rule("condor_days", 45, "days", "target time to expiry of the condor (SPXW)", "product default", 1.0, 400.0),
    Rule(
        "condor_days_tolerance",
        15,
        "days",
        "an expiry further from the target than this is not used",
        "product default",
        0.0,
        365.0,
    ),
    Rule(
        "put_delta",
        0.16,
        "delta",
        "magnitude of the short put's delta",
        "product default; seeds: 0.30-0.45 in contango (nearer, though called 'wider'), 0.15-0.20 in backwardation",
        0.01,
        0.5,
    ),
    Rule("call_delta", 0.16, "delta", "magnitude of the short call's delta", "as put_delta", 0.01, 0.5),
    Rule(
        "wing_width", 50, "points", "distance of the long strikes from the short ones", "product default", 1.0, 5000.0
    ),
    Rule("lots", 10, "condors", "number of condors sold", "product default", 1.0, 100000.0),
    Rule(
        "front_min_days",
        14,
        "days",
        "the front layer is the first monthly VIX expiry at least this far out",
        "product default",
        0.0,
        365.0,
    ),
    Rule(
        "target_coverage",
        0.9,
        "ratio",
        "ladder exposure over condor exposure to aim at",
        "middle of the seeds' band",
        0.01,
        10.0,
    ),
    Rule(
        "coverage_low",
        0.6,
        "ratio",
        "lower end of the band",
        "seed: spikes article, 0.6x of the condor's short vega",
        0.0,
        10.0,
    ),
    Rule(
        "coverage_high",
        1.2,
        "ratio",
        "upper end of the band",
        "seed: spikes article, 1.2x of the condor's short vega",
        0.0,
        10.0,
    ),
    Rule(
        "vega_tenor_exponent",
        0.4,
        "exponent",
        "condor vega counts (30 / days)^this per VIX point",
        "measured: how much less the volatility of far tenors moves",
        0.0,
        2.0,
    ),
    Rule(
        "beta_c",
        0.146,
        "ratio",
        "tenor beta, level: c + A exp(-kappa T)",
        "fit to daily changes of VX contracts 2013-2026",
        0.0,
        2.0,
    ),
    Rule(
        "beta_a", 0.582, "ratio", "tenor beta, height A", "as beta_c; 21-day changes give 0.126, 0.631, 4.65", 0.0, 5.0
    ),
    Rule("beta_kappa", 5.75, "per year", "tenor beta, decay kappa", "as beta_c", 0.01, 100.0),
    Rule(
        "vix_vol_elasticity",
        0.8,
        "ratio",
        "a VIX option's volatility moves by this power of its future's move",
        "measured: VVIX on VX monthlies 2013-2026, changes over 10 sessions 0.79, daily 0.96",
        0.0,
        3.0,
    ),
    Rule(
        "cut_deep_backwardation",
        -0.08,
        "slope",
        "below: deep backwardation",
        "product definition; slope is CM60 / CM30 - 1",
        -1.0,
        1.0,
    ),
    Rule("cut_backwardation", -0.02, "slope", "below: backwardation", "product definition", -1.0, 1.0),
    Rule("cut_contango", 0.02, "slope", "above: contango", "product definition", -1.0, 1.0),
    Rule("cut_steep_contango", 0.08, "slope", "above: steep contango", "product definition", -1.0, 1.0),
    Rule(
        "regime_hysteresis",
        0.005,
        "slope",
        "in a series, how far beyond a cut the slope must go before the label changes",
        "product definition; the seeds warn of noise",
        0.0,
        0.1,
    ),
    Rule(
        "rsi_period",
        14,
        "sessions",
        "period of RSI, a whole number",
        "Wilder (1978); the seeds give no period",
        2.0,
        100.0,
    ),
    Rule("macd_fast", 12, "sessions", "MACD's fast average, a whole number below macd_slow", "Appel", 2.0, 99.0),
    Rule("macd_slow", 26, "sessions", "MACD's slow average, a whole number", "Appel", 3.0, 100.0),
    Rule("macd_signal", 9, "sessions", "average of MACD that is its signal, a whole number", "Appel", 2.0, 100.0),
    Rule(
        "divergence_window",
        20,
        "sessions",
        "a divergence is a new extreme of so many sessions that the indicator does not confirm",
        "product definition; the seeds name divergences, not how to find them",
        3.0,
        120.0,
    ),
    # The playbook; its formula takes these in this order.
    Rule(
        "expiry_roll_days",
        7,
        "days",
        "roll once the nearest expiry of the position is this near",
        "product default; seed: correlation article rolls the front layer, without a number",
        0.0,
        60.0,
    ),
    Rule(
        "event_roll_days",
        3,
        "days",
        "roll the front layer once FOMC, CPI or PPI is this near",
        "product default; seed: correlation article, 'as ... approach'",
        0.0,
        60.0,
    ),
    Rule(
        "rsi_monetise",
        70,
        "RSI",
        "sell or roll part of the hedge where RSI of VIX is above, and backwardation deepens",
        "seed: contango article",
        0.0,
        100.0,
    ),
    Rule(
        "slope_deepening",
        0.0,
        "slope",
        "backwardation deepens where the slope's change is below",
        "seed: contango article names no number; 0 is any fall",
        -1.0,
        0.0,
    ),
    Rule(
        "monetise_share",
        0.0,
        "share",
        "part of the hedge to sell or roll when monetising",
        f"seed: contango article, 'partially'; {NO_NUMBER}",
        0.0,
        1.0,
    ),
    Rule(
        "contango_delta_low",
        0.30,
        "delta",
        "short strikes in contango, from",
        "seed: contango article calls 30-45 delta 'wider'; these strikes are nearer to the market and riskier",
        0.01,
        0.5,
    ),
    Rule(
        "contango_delta_high",
        0.45,
        "delta",
        "short strikes in contango, to; steep contango takes this end ('tighten')",
        "seed: contango article; 'tighten' earns more there and risks less in backwardation: two meanings",
        0.01,
        0.5,
    ),
    Rule(
        "flat_delta", 0.16, "delta", "short strikes on a flat curve", "product default; no seed speaks of it", 0.01, 0.5
    ),
    Rule(
        "backwardation_delta_low",
        0.15,
        "delta",
        "short strikes in backwardation, or where prices and RSI diverge, from",
        "seed: contango article calls this 'tighter'; these strikes are farther from the market",
        0.01,
        0.5,
    ),
    Rule(
        "backwardation_delta_high",
        0.20,
        "delta",
        "short strikes in backwardation, or where prices and RSI diverge, to",
        "as backwardation_delta_low",
        0.01,
        0.5,
    ),
    Rule("hedge_weight_low", 0.25, "share", "hedge over notional, from", "seed: contango article, 25-30 %", 0.0, 5.0),
    Rule("hedge_weight_high", 0.30, "share", "hedge over notional, to", "seed: contango article, 25-30 %", 0.0, 5.0),
    Rule(
        "hedge_expand",
        0.0,
        "share",
        "added to the hedge's weight when expanding",
        f"seed: contango article, 'expand its weighting temporarily'; {NO_NUMBER}",
        0.0,
        5.0,
    ),
    # Layer weights; their formula takes these in this order.
    Rule(
        "promoter_increase",
        0.0,
        "share",
        "a promoter's extra contracts in backwardation, as a share",
        f"seed: contango article; {NO_NUMBER}. Elsewhere promoters buy puts rigidly, or over-allocate always",
        0.0,
        10.0,
    ),
    Rule(
        "layer_rsi",
        0.0,
        "weight",
        "adds this x (RSI of VIX - 50) / 50 to the layers' contracts",
        f"seed: correlation article; {NO_NUMBER}",
        -10.0,
        10.0,
    ),
    Rule(
        "layer_macd",
        0.0,
        "weight",
        "adds this where MACD of VIX is above its signal, takes it away where below",
        f"seed: correlation article; {NO_NUMBER}",
        -10.0,
        10.0,
    ),
    Rule(
        "layer_ad_line",
        0.0,
        "weight",
        "adds this where the advance-decline line falls, takes it away where it rises",
        f"seed: correlation article; {NO_NUMBER}",
        -10.0,
        10.0,
    ),
    Rule(
        "notional_warn_units",
        12,
        "units",
        "a notional basis that asks for more units than this is warned of",
        "product default: the upper end of what the coverage band asks of a ten-lot condor",
        0.0,
        1e5,
    ),
    Rule(
        "future_beta_front",
        -3.4,
        "ratio",
        "front future's return per return of SPX",
        "measured on VX futures; spot VIX's -5.5 would flatter the hedge",
        -20.0,
        20.0,
    ),
    Rule("future_beta_mid", -2.8, "ratio", "mid future's, likewise", "as future_beta_front", -20.0, 20.0),
    Rule("future_beta_back", -2.1, "ratio", "back future's, likewise", "as future_beta_front", -20.0, 20.0),
    *(
        Rule(
            f"tilt_{name}",
            0.0,
            "weight",
            f"raises the target coverage by this x half the band as {said} goes from its median to its highest",
            f"seed: {article}; {NO_NUMBER}",
            -10.0,
            10.0,
        )
        for name, said, article in (
            ("pe", "P/E", "spikes, contango and SPY articles"),
            ("pcf", "P/CF", "spikes, contango and SPY articles"),
            ("quick_ratio", "the quick ratio", "spikes and SPY articles"),
            ("reer", "the real effective exchange rate", "correlation, spikes and SPY articles"),
            ("rate_differential", "the interest-rate differential", "correlation, spikes and SPY articles"),
            ("credit_spread", "the credit spread", "spikes article"),
            ("gdp", "GDP growth", "correlation article"),
            ("cpi", "CPI", "correlation and contango articles"),
            ("ppi", "PPI", "correlation and contango articles"),
        )
    ),
    # Paper trading.
    Rule(
        "paper_stale_minutes",
        30,
        "minutes",
        "quotes older by more than this than those that could be had are not booked",
        "product default: twice the delay of free quotes",
        0.0,
        1440.0,
    ),
    Rule(
        "paper_apart_minutes",
        15,
        "minutes",
        "quotes of SPX and VIX further apart than this are not traded together",
        "product definition: from here on they are flagged",
        0.0,
        1440.0,
    ),
    Rule(
        "wing_trigger",
        0.15,
        "delta",
        "a short strike of at least this magnitude is tested, if it is also tested by wing_multiple",
        "seed: edge article, 'approximately 0.15 delta'; alone it would fire at entry",
        0.0,
        1.0,
    ),
    Rule(
        "wing_multiple",
        2.0,
        "ratio",
        "tested from this many times the delta at entry",
        "product definition",
        1.0,
        20.0,
    ),
    Rule("wing_watch", 0.75, "share", "watch from this share of the tested delta", "product definition", 0.0, 1.0),
    Rule(
        "cash_press_days",
        0.0,
        "days",
        "a rebalance of the ladder is due once the last one is this old",
        f"seed: contango article, 'periodic rebalancing'; {NO_NUMBER}",
        0.0,
        3650.0,
    ),
    # What trading costs; half-spreads in points, refitted to real chains.
    Rule(
        "cost_spx_far",
        0.10,
        "points",
        "half-spread of an SPX option below cost_far_delta",
        "measured on real SPX chains at 25-60 days; files of the close are 1.3-2 x wider",
        0.0,
        50.0,
    ),
    Rule("cost_spx_mid", 0.175, "points", "the same between both deltas: 0.15-0.20", "as cost_spx_far", 0.0, 50.0),
    Rule("cost_spx_near", 0.30, "points", "the same above cost_near_delta", "as cost_spx_far", 0.0, 50.0),
    Rule("cost_far_delta", 0.08, "delta", "SPX options below are far", "as cost_spx_far", 0.0, 1.0),
    Rule("cost_near_delta", 0.35, "delta", "SPX options above are near", "as cost_spx_far", 0.0, 1.0),
    Rule(
        "cost_vix_monthly",
        0.025,
        "points",
        "half-spread of a monthly VIX option",
        "measured on a real VIX chain",
        0.0,
        50.0,
    ),
    Rule("cost_vix_nickel", 0.05, "points", "the same before penny ticks", "tick size of VIX options then", 0.0, 50.0),
    Rule(
        "cost_vix_weekly",
        0.075,
        "points",
        "half-spread of a weekly VIX option",
        "as cost_vix_monthly: 0.05-0.10",
        0.0,
        50.0,
    ),
    Rule("cost_stress_vix", 40.0, "VIX points", "above, half-spreads widen", "product default", 0.0, 1000.0),
    Rule("cost_stress", 3.0, "ratio", "half-spreads are this many times as wide then", "product default", 1.0, 100.0),
    Rule(
        "cost_contract",
        1.50,
        "dollars",
        "commission and fees a contract and trade; none at cash settlement",
        "product default",
        0.0,
        100.0,
    ),
    # What a trader may think otherwise about the simulated paths.
    Rule(
        "sim_drift",
        0.09,
        "decimal a year",
        "growth of SPX over its forward under the real-world law",
        "measured: price return 1990-2026 less the rate, plus dividends of about 1.9 %; standard error 0.03",
        -0.5,
        0.5,
    ),
    Rule(
        "sim_realised_ratio",
        0.70,
        "ratio",
        "volatility of SPX over VIX where VIX is 18; the gap is the variance risk premium",
        "measured: returns over 10 to 31 sessions by starting VIX, 1990-2026; daily returns give 0.76 to 0.78",
        0.1,
        3.0,
    ),
    Rule("sim_vix_level", 17.86, "VIX points", "VIX reverts to this", "fitted to VIX 2006-2026", 6.0, 100.0),
    # The backtest.
    Rule(
        "backtest_reserve",
        1.0,
        "share",
        "capital of the backtest: the condors' margin and this share of it besides",
        "product default: as much again as the margin",
        0.0,
        100.0,
    ),
    Rule(
        "backtest_put_delta",
        0.05,
        "delta",
        "SPX puts that the backtest buys in place of the ladder: magnitude of their delta",
        "seed: correlation article, 'deep OTM', without a number; product default",
        0.005,
        0.5,
    ),
    # Margin; its formula takes these in this order.
    Rule(
        "margin_naked",
        0.15,
        "share",
        "uncovered option: this share of the index, less what it is out of the money, plus its price",
        "Cboe Rule 10.3, broad-based index; brokers may ask for more",
        0.0,
        1.0,
    ),
    Rule(
        "margin_naked_least",
        0.10,
        "share",
        "but at least this share of the index (calls) or of the strike (puts), plus its price",
        "Cboe Rule 10.3",
        0.0,
        1.0,
    ),
    Rule(
        "margin_long",
        0.75,
        "share",
        "part of its price that a long option beyond margin_long_days must be paid with",
        "Cboe Rule 10.3",
        0.0,
        1.0,
    ),
    Rule(
        "margin_long_days",
        274,
        "days",
        "a long option up to this far out is paid in full",
        "Cboe Rule 10.3: nine months",
        0.0,
        3650.0,
    ),
    # The path of VIX along SPX; break-evens take these in this order.
    Rule(
        "path_beta_down",
        -4.0,
        "ratio",
        "ln of VIX per ln of SPX below its level",
        "measured: changes over 21 sessions 2006-2026, falls -4.0; daily -5.0",
        -20.0,
        0.0,
    ),
    Rule("path_beta_up", -3.5, "ratio", "the same above", "as path_beta_down: rises -3.5; daily -4.1", -20.0, 0.0),
    Rule(
        "path_low", -0.4, "decimal", "break-evens are looked for from this move of SPX", "product default", -0.9, -0.01
    ),
    Rule("path_high", 0.25, "decimal", "and up to this one", "product default", 0.01, 1.0),
)

DEFAULTS: dict[str, float] = {rule.name: rule.value for rule in RULES}
_PLACES = {rule.name: place for place, rule in enumerate(RULES)}


def rule(name: str) -> Rule:
    """A rule by its name."""
    return RULES[_PLACES[name]]


def default(name: str) -> float:
    """The default of a rule."""
    return DEFAULTS[name]


# Rules that a formula takes together, first and last.
PLAYBOOK = ("expiry_roll_days", "hedge_expand")
LAYER_WEIGHTS = ("promoter_increase", "layer_ad_line")
FUTURE_BETAS = ("future_beta_front", "future_beta_back")
TILT = ("tilt_pe", "tilt_ppi")
SHOCK = ("vega_tenor_exponent", "vix_vol_elasticity")
MARGIN = ("margin_naked", "margin_long_days")
PATH = ("path_beta_down", "path_high")
WING = ("wing_trigger", "wing_multiple")
COSTS = ("cost_spx_far", "cost_contract")
SIMULATION = ("sim_drift", "sim_vix_level")


def between(group: tuple[str, str]) -> tuple[Rule, ...]:
    """The rules from the first to the last of a group."""
    first, last = (_PLACES[name] for name in group)
    return RULES[first : last + 1]


def settle(group: tuple[str, str], given: Sequence[float] | None = None) -> dict[str, float]:
    """A group's values by name: the given ones in the order of the table, or the defaults.

    Raises
    ------
    ValueError
        For a wrong count, a blank (NaN), or a value outside its rule's bounds, naming the rule.
    """
    group_rules = between(group)
    values = [rule.value for rule in group_rules] if given is None else [float(value) for value in given]
    if len(values) != len(group_rules):
        raise ValueError(
            f"rules has {len(values)} cells; give {len(group_rules)}: {', '.join(r.name for r in group_rules)}"
        )
    for rule, value in zip(group_rules, values, strict=True):
        rule.check(value)
    return {rule.name: value for rule, value in zip(group_rules, values, strict=True)}


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
