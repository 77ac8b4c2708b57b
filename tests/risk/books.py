"""One book for the tests of risk: ten condors sold and a ladder with one rung a layer."""

from __future__ import annotations

import numpy as np

from xlalvh.risk.legs import Legs
from xlalvh.risk.shocks import Market
from xlalvh.strategy import rules

BOOK = Legs(
    underlying=np.array(["SPX"] * 4 + ["VIX"] * 3),
    quantity=np.array([10.0, -10.0, -10.0, 10.0, 40.0, 40.0, 20.0]),
    right=np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    strike=np.array([3875.0, 3925.0, 4375.0, 4425.0, 21.0, 23.0, 25.0]),
    years=np.array([0.12, 0.12, 0.12, 0.12, 0.10, 0.18, 0.26]),
    forward=np.array([4210.0, 4210.0, 4210.0, 4210.0, 20.1, 21.7, 22.5]),
    vol=np.array([0.215, 0.206, 0.131, 0.128, 0.80, 0.70, 0.62]),
    rate=np.full(7, 0.05),
)
MARKET = Market(17.0, rules.settle(rules.SHOCK))
