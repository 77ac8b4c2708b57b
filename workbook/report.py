"""What the command line says of an evaluated workbook: the dashboard as data, and as text."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from workbook.book import Values, cells_of
from workbook.build import Built
from xlalvh.formulas import cells
from xlalvh.hosts.block import banner
from xlalvh.market.tables import ExpiryRow, MarketTables
from xlalvh.strategy.ladder import Rung

_TERMINAL_RUNG = ("layer", "contracts", "strike", "premium_points", "cost_dollars", "delta", "vol_exposure_dollars")
_UNITS = {
    "credit": "points a condor",
    "credit_dollars": "dollars",
    "break_evens": "points",
    "strikes": "points",
    "max_profit": "dollars",
    "max_loss": "dollars",
    "margin": "dollars",
    "delta": "dollars per point",
    "gamma": "dollars per point squared",
    "vega": "dollars per vol point",
    "theta": "dollars a day",
    "rho": "dollars per 0.01 of rate",
    "cost": "dollars at the prices of costs from, one unit",
    "cost_model": "dollars, one unit",
    "vol_exposure": "dollars per VIX point, one unit",
    "condor_vega_weighted": "dollars per VIX point",
    "net_theta": "dollars a day",
    "coverage_beta_one": "what sizing by beta 1 would show",
}


class Report:
    """The dashboard of one run."""

    def __init__(self, built: Built, values: Values, tables: MarketTables, engine: str, now: dt.datetime) -> None:
        self._built, self._values, self._tables, self._engine, self._now = built, values, tables, engine, now

    def data(self) -> dict[str, Any]:
        """Everything as plain data for JSON: finite numbers, text and null, where a reason stands beside."""
        tables = self._tables
        regime, regime_reason = self._one("regime"), ""
        if not isinstance(regime, str) or regime.startswith("#"):
            regime, regime_reason = None, self._no_regime()
        condor, condor_reason = self._condor()
        ladder, ladder_reason = self._ladder()
        sizing, sizing_reason = self._sizing(condor, ladder, condor_reason, ladder_reason)
        return {
            "snapshot": {
                "sample": tables.sample,
                "source": tables.spx_source,
                "market_time": tables.spx_time_utc.isoformat(),
                "age_seconds": (self._now - tables.spx_time_utc).total_seconds(),
                "spx": tables.spx_spot,
                "vix": tables.vix_spot,
                "vix_source": tables.vix_source,
                "vix_market_time_new_york": tables.vix_time.isoformat() if tables.vix_time else None,
                "quality": {"spx": tables.spx_quality, "vix": tables.vix_quality},
                "warnings": list(tables.warnings),
                "engine": self._engine,
            },
            "regime": regime,
            "regime_reason": regime_reason,
            "spx": [_expiry(row) for row in tables.spx if row.atm_vol is not None],
            "spx_without_smile": [
                {"root": row.root, "expiry": row.expiry.isoformat(), "reason": row.status}
                for row in tables.spx
                if row.atm_vol is None
            ],
            "condor": condor,
            "condor_reason": condor_reason,
            "ladder": ladder,
            "ladder_reason": ladder_reason,
            "sizing": sizing,
            "sizing_reason": sizing_reason,
        }

    def text(self) -> Group:
        """The dashboard as tables for a terminal."""
        data = self.data()
        parts: list[Any] = [Text(banner(self._tables), style="bold")]
        parts += [Text(f"warning: {warning}", style="yellow") for warning in data["snapshot"]["warnings"]]
        parts.append(Text(f"regime: {data['regime'] or data['regime_reason']}"))
        for name in ("condor", "ladder", "sizing"):
            part = data[name]
            if part is None:
                parts.append(Text(f"{name}: {data[f'{name}_reason']}", style="yellow"))
                continue
            table = Table(title=name, show_header=False, min_width=60)
            for key, value in part.items():
                if key == "rungs":
                    parts.append(_rung_table(value))
                    continue
                for inner, number in value.items() if isinstance(value, dict) else ((key, value),):
                    unit = f" ({_UNITS[inner]})" if inner in _UNITS else ""
                    table.add_row(inner.replace("_", " ") + unit, _say(number))
            parts.append(table)
        return Group(*parts)

    def _one(self, name: str) -> Any:
        sheet, area = self._built.names[name]
        return self._values.get((sheet, area))

    def _line(self, name: str) -> list[Any]:
        sheet, area = self._built.names[name]
        return [self._values.get((sheet, cell)) for cell in cells_of(area)]

    def _number(self, name: str) -> float | None:
        value = self._one(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        return None

    def _numbers(self, **names: str) -> dict[str, float | None]:
        return {key: self._number(name) for key, name in names.items()}

    def _no_regime(self) -> str:
        if not self._tables.futures:
            return "there are no VIX futures: add --vix-quotes or --futures"
        if self._number("vix_level") is None:
            return "spot VIX is not known and the first future lies beyond 30 days: add --vix-quotes"
        return "the VIX futures do not reach from 30 to 60 days: add --futures with a longer curve"

    def _condor(self) -> tuple[dict[str, Any] | None, str]:
        expiry = self._number("condor_expiry")
        if expiry is None or self._number("condor_credit") is None:
            return None, str(self._one("condor_reason"))
        return {
            "expiry": cells.moment(expiry, "expiry").date().isoformat(),
            "strikes": self._line("condor_strikes"),
            "contracts": self._number("condor_lots"),
            "prices_from": self._line("condor_price_from"),
            **self._numbers(credit="condor_credit", credit_dollars="condor_credit_dollars"),
            "break_evens": [self._number("condor_break_even_low"), self._number("condor_break_even_high")],
            **self._numbers(
                max_profit="condor_max_profit",
                max_loss="condor_max_loss",
                probability_of_profit="condor_probability",
                margin="condor_margin",
            ),
            "greeks": self._numbers(
                delta="condor_delta", gamma="condor_gamma", vega="condor_vega", theta="condor_theta", rho="condor_rho"
            ),
        }, ""

    def _ladder(self) -> tuple[dict[str, Any] | None, str]:
        if self._number("ladder_unit_cost") is None:
            return None, str(self._one("ladder_reason") or "no three monthly VIX expiries with a smile")
        rows = [self._line(f"ladder_rung_{field}") for field in Rung._fields]
        rungs = [
            dict(zip(Rung._fields, rung, strict=True))
            for rung in zip(*rows, strict=True)
            if isinstance(rung[2], (int, float))
        ]
        totals = self._numbers(
            contracts="ladder_unit_contracts",
            cost="ladder_unit_cost",
            cost_model="ladder_unit_cost_model",
            vol_exposure="ladder_unit_vol_exposure",
            theta="ladder_unit_theta",
        )
        sources = [item for item in self._line("ladder_cost_from") if item]
        return {"rungs": rungs, "totals": totals, "costs_from": sources}, ""

    def _sizing(
        self, condor: dict[str, Any] | None, ladder: dict[str, Any] | None, condor_reason: str, ladder_reason: str
    ) -> tuple[dict[str, Any] | None, str]:
        if condor is None or ladder is None:
            return None, condor_reason or ladder_reason
        units = self._number("hedge_units")
        names = {
            "coverage": "hedge_coverage",
            "coverage_beta_one": "hedge_coverage_beta_one",
            "premium_to_credit": "hedge_premium_to_credit",
            "net_theta": "hedge_net_theta",
        }
        return {
            **self._numbers(**names),
            "coverage_of_one_unit": self._number("hedge_unit_coverage"),
            "condor_vega_weighted": self._number("condor_vega_weighted"),
            "units": int(units) if units is not None else None,
            "units_reason": "" if units is not None else str(self._one("hedge_reason")),
        }, ""


def _expiry(row: ExpiryRow) -> dict[str, Any]:
    return {
        "root": row.root,
        "expiry": row.expiry.isoformat(),
        "years": row.years,
        "forward": row.forward,
        "rate": row.rate,
        "atm_vol": row.atm_vol,
        "status": row.status,
    }


def _rung_table(rungs: list[dict[str, Any]]) -> Table:
    table = Table(title="ladder, one unit")
    for key in _TERMINAL_RUNG:
        table.add_column(key.replace("_", " "), justify="right")
    for rung in rungs:
        table.add_row(*(_say(rung[key]) for key in _TERMINAL_RUNG))
    return table


def _say(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1.0 else f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, list):
        return ", ".join(_say(item) for item in value)
    return "" if value is None else str(value)
