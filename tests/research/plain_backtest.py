"""The backtest once more: a day at a time, one option at a time, with no code of the package but its price model.

Slow and plain, so that it can be read beside SPEC: what is held is a list, cash is a number, orders placed at a close
are filled at the next one.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from xlalvh.market import calendar
from xlalvh.research.history import History
from xlalvh.research.surface import DayState, SpxModel, VixModel

N = NormalDist().cdf
DELTAS = {"front": (0.5, 0.4, 0.3, 0.2), "mid": (0.45, 0.35, 0.25, 0.15), "back": (0.4, 0.25)}
ONE_DELTA = {"front": (0.5,), "mid": (0.5,), "back": (0.5,)}
VIX_STRIKES = [*range(10, 40), 40, 42.5, 45, 47.5, *range(50, 100, 5), *range(100, 181, 10)]


@dataclass
class Held:
    """An option: contracts of it (+ long), and the day on which it settles."""

    vix: bool
    right: int
    strike: float
    expiry: dt.date
    quantity: int
    part: str  # condor or hedge
    entry_delta: float = 0.0


class Plain:
    """One strategy over one history; `profit` is dollars at each close."""

    def __init__(self, history: History, rules: dict[str, float], hedge: str, spx_price: float, vix_vol: float) -> None:
        self.h, self.rules, self.hedge = history, rules, hedge
        self.spx_price, self.vix_vol = spx_price, vix_vol
        self.days: list[dt.date] = history.day.tolist()
        self.expiries: list[dt.date] = history.vx_expiry.tolist()
        self.known: dict[tuple[int, bool, dt.date], Any] = {}
        self.cash = 0.0
        self.held: list[Held] = []
        self.profit: list[float] = []

    # prices

    def future(self, i: int, expiry: dt.date) -> float:
        known = [(e.toordinal(), p) for e, p in zip(self.expiries, self.h.vx_settle[i], strict=True) if p > 0]
        x = expiry.toordinal()
        before = [k for k in known if k[0] <= x]
        after = [k for k in known if k[0] >= x]
        if not before or not after:
            return float((before or after)[-1 if before else 0][1])
        (x0, y0), (x1, y1) = before[-1], after[0]
        return float(y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0))

    def terms(self, i: int, o: Held) -> tuple[float, float, float]:
        """Forward, years and volatility."""
        key = (i, o.vix, o.expiry)
        if key not in self.known:
            root = "VIX" if o.vix else "SPXW"
            wait = calendar.settlement(root, o.expiry).replace(tzinfo=None) - self.h.close_at[i].item()
            t = max(wait / dt.timedelta(minutes=525_600), 0.0)
            forward = self.future(i, o.expiry) if o.vix else self.h.spx[i] * math.exp((self.h.rate[i] - 0.013) * t)
            self.known[key] = float(forward), t, DayState.of(self.h, i)
        forward, t, state = self.known[key]
        model = VixModel() if o.vix else SpxModel()
        vol = float(model.vol(state, o.strike, forward, t))
        return forward, t, vol * (self.vix_vol if o.vix else 1.0)

    def delta(self, i: int, o: Held) -> float:
        f, t, v = self.terms(i, o)
        s = v * math.sqrt(t)
        d1 = math.log(f / o.strike) / s + s / 2
        return o.right * math.exp(-self.h.rate[i] * t) * N(o.right * d1)

    def price(self, i: int, o: Held) -> float:
        f, t, v = self.terms(i, o)
        s = v * math.sqrt(t)
        d1 = math.log(f / o.strike) / s + s / 2
        w = o.right
        worth = math.exp(-self.h.rate[i] * t) * w * (f * N(w * d1) - o.strike * N(w * (d1 - s)))
        return worth * (1.0 if o.vix else self.spx_price)

    def dollars(self, i: int, o: Held) -> float:
        """A contract's worth, to the cent."""
        return round(100.0 * self.price(i, o), 2)

    def vega(self, i: int, o: Held) -> float:
        f, t, v = self.terms(i, o)
        s = v * math.sqrt(t)
        d1 = math.log(f / o.strike) / s + s / 2
        return math.exp(-self.h.rate[i] * t) * f * math.sqrt(t) * NormalDist().pdf(d1) / 100

    def strike(self, i: int, like: Held, delta: float) -> float:
        """The strike of a delta, by halving between the money's far sides."""
        f, _t, _ = self.terms(i, like)
        low, high = f * 0.2, f * 6.0

        def magnitude(k: float) -> float:
            return abs(self.delta(i, Held(like.vix, like.right, k, like.expiry, 1, "")))

        for _ in range(60):
            middle = math.sqrt(low * high)
            too_large = magnitude(middle) >= delta
            if too_large == (like.right > 0):
                low = middle
            else:
                high = middle
        return math.sqrt(low * high)

    # trades

    def cost(self, i: int, o: Held) -> float:
        r, vix = self.rules, self.h.vix[i]
        if o.vix:
            half = r["cost_vix_nickel"] if self.days[i] < dt.date(2022, 11, 29) else r["cost_vix_monthly"]
        else:
            d = abs(self.delta(i, o))
            near, far = d > r["cost_near_delta"], d < r["cost_far_delta"]
            half = r["cost_spx_near"] if near else r["cost_spx_far"] if far else r["cost_spx_mid"]
        if vix > r["cost_stress_vix"]:
            half *= r["cost_stress"]
        return abs(o.quantity) * round(100.0 * half + r["cost_contract"], 2)

    def open(self, i: int, o: Held) -> None:
        self.cash -= o.quantity * self.dollars(i, o) + self.cost(i, o)
        o.entry_delta = self.delta(i, o)
        self.held.append(o)

    def close(self, i: int, o: Held) -> None:
        self.cash += o.quantity * self.dollars(i, o) - self.cost(i, o)
        self.held.remove(o)

    def settle(self, i: int) -> None:
        for o in [o for o in self.held if o.expiry <= self.days[i]]:
            level = float(self.h.vx_final[self.expiries.index(o.expiry)]) if o.vix else float(self.h.spx[i])
            self.cash += o.quantity * round(100.0 * max(o.right * (level - o.strike), 0.0), 2)
            self.held.remove(o)

    # decisions

    def friday(self, i: int) -> dt.date:
        """The p.m. expiry nearest to 45 days."""
        found = []
        for ahead in range(1, 100):
            day = self.days[i] + dt.timedelta(days=ahead)
            if day.weekday() == 4:
                found.append(day if calendar.is_session(day) else calendar.previous_session(day))
        return min(found, key=lambda e: (abs((e - self.days[i]).days - 45), e))

    def condor(self, i: int) -> list[Held]:
        expiry, lots = self.friday(i), int(self.rules["lots"])
        put = 5 * round(self.strike(i, Held(False, -1, 1000, expiry, 1, ""), self.rules["put_delta"]) / 5)
        call = 5 * round(self.strike(i, Held(False, 1, 1000, expiry, 1, ""), self.rules["call_delta"]) / 5)
        legs = ((-1, put - 50, lots), (-1, put, -lots), (1, call, -lots), (1, call + 50, lots))
        return [Held(False, right, strike, expiry, quantity, "condor") for right, strike, quantity in legs]

    def layers(self, i: int, days: tuple[float, ...]) -> list[dt.date]:
        """A layer's expiry each; nothing where the nearest is further off than half its target."""
        ahead = sorted(e for e, p in zip(self.expiries, self.h.vx_settle[i], strict=True) if p > 0)
        if not days:
            front = next(k for k, e in enumerate(ahead) if (e - self.days[i]).days >= 14)
            return ahead[front : front + 3]
        found = [min(ahead, key=lambda e: (abs((e - self.days[i]).days - target), e)) for target in days]
        near = all(abs((e - self.days[i]).days - target) <= target / 2 for e, target in zip(found, days, strict=True))
        return found if near else []

    def ladder(self, i: int, preset: str, units: int | None) -> tuple[list[Held], dict[str, Any]]:
        """One forming of the ladder; `units` are those of the condor, decided with it where None."""
        tenors = {"30/110/220 days": (30.0, 110.0, 220.0), "30-45/60-90/120+ days": (37.5, 75.0, 120.0)}
        names = ONE_DELTA if preset == "30/110/220 days" else DELTAS
        rungs: dict[str, list[Held]] = {}
        expiries = self.layers(i, tenors.get(preset, ()))
        if not expiries:
            return [], {}
        for layer, expiry in zip(names, expiries, strict=True):
            rungs[layer] = []
            for d in names[layer]:
                exact = self.strike(i, Held(True, 1, 15, expiry, 1, ""), d)
                listed = min(VIX_STRIKES, key=lambda k: (abs(k - exact), k))
                rungs[layer].append(Held(True, 1, float(listed), expiry, 0, "hedge"))

        def exposure(o: Held) -> float:
            _, t, _ = self.terms(i, o)
            r = self.rules
            return 100 * self.delta(i, o) * (r["beta_c"] + r["beta_a"] * math.exp(-r["beta_kappa"] * t))

        mean = {k: sum(map(exposure, v)) / len(v) for k, v in rungs.items()}
        share = {"front": 4.0, "mid": 4.0, "back": 2.0}
        if preset == "40/40/20 of exposure":
            parts = {k: s / mean[k] for k, s in (("front", 0.4), ("mid", 0.4), ("back", 0.2))}
            share = {
                k: max(1, math.floor(x * 40 / sum(parts.values()) / len(rungs[k]) + 0.5)) * len(rungs[k])
                for k, x in parts.items()
            }
        if preset == "4/4/2 % of maximum loss":
            loss = (50 - self.credit) * 100 * self.rules["lots"]
            for k, s in (("front", 0.04), ("mid", 0.04), ("back", 0.02)):
                dear = sum(100 * self.price(i, o) for o in rungs[k]) / len(rungs[k])
                share[k] = math.floor(s * loss / dear / len(rungs[k]) + 0.5) * len(rungs[k])
        one = sum(share[k] * mean[k] for k in share)
        if units is None:
            units = self.units(preset, one, 0.9)
        for k, group in rungs.items():
            for o in group:
                o.quantity = round(units * share[k] / len(group))
        return [o for group in rungs.values() for o in group], {"one": one, "units": units}

    def units(self, preset: str, one: float, target: float) -> int:
        if preset == "30/110/220 days" or preset == "4/4/2 % of maximum loss":
            return 1
        inside = [n for n in range(1, 500) if 0.6 <= n * one / -self.condor_vega <= 1.2]
        if not inside:
            return max(1, round(target * -self.condor_vega / one))
        return min(inside, key=lambda n: (abs(n * one / -self.condor_vega - target), n))

    def run(self) -> list[float]:
        hedge: dict[str, Any] = {}
        orders: list[tuple[str, Held]] = []
        condor: list[Held] = []
        last = len(self.days) - 1
        for i, day in enumerate(self.days):
            self.settle(i)
            for action, o in orders:
                if action == "open":
                    self.open(i, o)
                elif o in self.held:
                    self.close(i, o)
            orders = []
            if not condor or condor[0].expiry <= day:
                if i < last:
                    condor = self.condor(i)
                    self.credit = -sum(math.copysign(1, o.quantity) * self.price(i, o) for o in condor)
                    days_to = (condor[0].expiry - day).days
                    weight = (30 / days_to) ** self.rules["vega_tenor_exponent"]
                    self.condor_vega = 100 * weight * sum(o.quantity * self.vega(i, o) for o in condor)
                    orders += [("open", o) for o in condor]
                    hedge = {}
                    orders += self.reform(i, hedge)
            else:
                at_hand = next(k for k in range(i, len(self.days) + 1) if k > last or self.days[k] >= condor[0].expiry)
                turned = self.hedge == "promoter" and self.stressed(i) != self.stressed(i - 1)
                if (turned or (hedge and hedge["until"] <= day)) and i + 1 < at_hand and i + 1 <= last:
                    orders += self.reform(i, hedge)
                if self.hedge == "legging out":
                    for short, wing in ((condor[1], condor[:2]), (condor[2], condor[2:])):
                        limit = max(self.rules["wing_trigger"], self.rules["wing_multiple"] * abs(short.entry_delta))
                        if short in self.held and abs(self.delta(i, short)) >= limit and i + 1 < at_hand and i < last:
                            orders += [("close", o) for o in wing]
            self.profit.append(self.cash + sum(o.quantity * self.dollars(i, o) for o in self.held))
        return self.profit

    def reform(self, i: int, hedge: dict[str, Any]) -> list[tuple[str, Held]]:
        """Orders that sell the hedge and buy it anew."""
        old = [("close", o) for o in self.held if o.part == "hedge"]
        if self.hedge in ("condor alone", "legging out"):
            return old
        preset = self.hedge if self.hedge not in ("+ SPX puts", "promoter") else "seeds"
        first = "units" not in hedge
        calls, found = self.ladder(i, preset, None if first else hedge["units"])
        hedge["until"] = calls[0].expiry if calls else self.days[i]  # tried again at the next close
        if not calls:
            return old
        if first:
            hedge.update(one=found["one"], units=found["units"])
        if self.hedge == "promoter":
            now = self.units("seeds", hedge["one"], 1.2 if self.stressed(i) else 0.6)
            for o in calls:
                o.quantity = now
        if self.hedge == "+ SPX puts":
            spent = sum(o.quantity * self.price(i, o) for o in calls)
            expiry = self.friday(i)
            exact = self.strike(i, Held(False, -1, 1000, expiry, 1, ""), self.rules["backtest_put_delta"])
            put = Held(False, -1, 5.0 * round(exact / 5), expiry, 1, "hedge")
            put.quantity = max(1, round(spent / self.price(i, put)))
            calls = [put]
        return old + [("open", o) for o in calls if o.quantity]

    def stressed(self, i: int) -> bool:
        """Backwardation, deep or not, with half a point of hysteresis, read from the first day on."""
        if not hasattr(self, "labels"):
            self.labels: list[int] = []
            edges = (-math.inf, -0.08, -0.02, 0.02, 0.08, math.inf)
            now = -1
            for near, far in zip(self.h.cm(30.0), self.h.cm(60.0), strict=True):
                slope = far / near - 1
                if slope == slope:
                    if now < 0 or not edges[now] - 0.005 <= slope <= edges[now + 1] + 0.005:
                        now = sum(slope > e for e in (-0.02, 0.02, 0.08)) + 1 if slope >= -0.08 else 0
                        if slope == -0.02:
                            now = 2
                    self.labels.append(now)
                else:
                    self.labels.append(2)
        return self.labels[i] in (0, 1)


def profits(
    history: History, rules: dict[str, float], hedge: str, spx_price: float = 1.0, vix_vol: float = 1.0
) -> np.ndarray:
    """Dollars at each close."""
    return np.array(Plain(history, rules, hedge, spx_price, vix_vol).run())
