"""The formula catalogue: the public interface, as Python callables and as the registry that hosts read.

The start counts: what only some formula needs, and no declaration, is imported where that formula needs it.
"""

from xlalvh.formulas.adjusting import alvh_roll, alvh_spread_hedge, alvh_wing_status
from xlalvh.formulas.capital import (
    alvh_break_even_vix,
    alvh_capm,
    alvh_carry,
    alvh_drip,
    alvh_hedge_drag,
    alvh_irr,
    alvh_wacc,
)
from xlalvh.formulas.claims import alvh_claims
from xlalvh.formulas.condor import alvh_book, alvh_condor, alvh_condor_strikes, alvh_second_engine
from xlalvh.formulas.edge import alvh_edge
from xlalvh.formulas.errors import CellError
from xlalvh.formulas.hedging import alvh_capm_ratio, alvh_equity_hedge, alvh_hedge_notional, alvh_tilt
from xlalvh.formulas.help import alvh_explain, alvh_version
from xlalvh.formulas.ladder import alvh_ladder, alvh_ladder_response, alvh_tenor_beta
from xlalvh.formulas.market import alvh_chain, alvh_futures, alvh_history, alvh_quote, alvh_quote_age
from xlalvh.formulas.paper import alvh_paper
from xlalvh.formulas.playbook import alvh_cash_press, alvh_layer_weights, alvh_playbook
from xlalvh.formulas.positions import alvh_by_group, alvh_mark, alvh_net, alvh_positions, alvh_stack
from xlalvh.formulas.presets import alvh_presets
from xlalvh.formulas.pricing import (
    alvh_delta,
    alvh_expected_move,
    alvh_forward,
    alvh_gamma,
    alvh_greeks,
    alvh_iv,
    alvh_price,
    alvh_prob_itm,
    alvh_prob_touch,
    alvh_rho,
    alvh_theta,
    alvh_vega,
)
from xlalvh.formulas.regime import (
    alvh_basis,
    alvh_constant_maturity,
    alvh_contango,
    alvh_regime,
    alvh_regime_series,
    alvh_roll_yield,
)
from xlalvh.formulas.registry import catalogue
from xlalvh.formulas.research import alvh_backtest
from xlalvh.formulas.risk import alvh_breakevens, alvh_margin, alvh_pnl_grid, alvh_stress
from xlalvh.formulas.signals import (
    alvh_ad_line,
    alvh_beta,
    alvh_correlation,
    alvh_divergence,
    alvh_macd,
    alvh_percentile,
    alvh_rsi,
)
from xlalvh.formulas.sizing import alvh_coverage, alvh_hedge_units, alvh_tenor_vega
from xlalvh.formulas.surface import (
    alvh_implied_forward,
    alvh_parity,
    alvh_smile_fit,
    alvh_smile_vol,
    alvh_strike,
    alvh_vix_index,
)
from xlalvh.formulas.ticket import alvh_ticket
from xlalvh.formulas.time import alvh_next_event, alvh_spx_expiry, alvh_vix_expiry, alvh_years

__all__ = [
    "CellError",
    "alvh_ad_line",
    "alvh_backtest",
    "alvh_basis",
    "alvh_beta",
    "alvh_book",
    "alvh_break_even_vix",
    "alvh_breakevens",
    "alvh_by_group",
    "alvh_capm",
    "alvh_capm_ratio",
    "alvh_carry",
    "alvh_cash_press",
    "alvh_chain",
    "alvh_claims",
    "alvh_condor",
    "alvh_condor_strikes",
    "alvh_constant_maturity",
    "alvh_contango",
    "alvh_correlation",
    "alvh_coverage",
    "alvh_delta",
    "alvh_divergence",
    "alvh_drip",
    "alvh_edge",
    "alvh_equity_hedge",
    "alvh_expected_move",
    "alvh_explain",
    "alvh_forward",
    "alvh_futures",
    "alvh_gamma",
    "alvh_greeks",
    "alvh_hedge_drag",
    "alvh_hedge_notional",
    "alvh_hedge_units",
    "alvh_history",
    "alvh_implied_forward",
    "alvh_irr",
    "alvh_iv",
    "alvh_ladder",
    "alvh_ladder_response",
    "alvh_layer_weights",
    "alvh_macd",
    "alvh_margin",
    "alvh_mark",
    "alvh_net",
    "alvh_next_event",
    "alvh_paper",
    "alvh_parity",
    "alvh_percentile",
    "alvh_playbook",
    "alvh_pnl_grid",
    "alvh_positions",
    "alvh_presets",
    "alvh_price",
    "alvh_prob_itm",
    "alvh_prob_touch",
    "alvh_quote",
    "alvh_quote_age",
    "alvh_regime",
    "alvh_regime_series",
    "alvh_rho",
    "alvh_roll",
    "alvh_roll_yield",
    "alvh_rsi",
    "alvh_second_engine",
    "alvh_smile_fit",
    "alvh_smile_vol",
    "alvh_spread_hedge",
    "alvh_spx_expiry",
    "alvh_stack",
    "alvh_stress",
    "alvh_strike",
    "alvh_tenor_beta",
    "alvh_tenor_vega",
    "alvh_theta",
    "alvh_ticket",
    "alvh_tilt",
    "alvh_vega",
    "alvh_version",
    "alvh_vix_expiry",
    "alvh_vix_index",
    "alvh_wacc",
    "alvh_wing_status",
    "alvh_years",
    "catalogue",
]
