"""Interactive Brokers' quotes of now through ib_async, an extra: `pip install xlalvh[ib]`.

Trader Workstation or the Gateway must run with its API switched on, and the account must subscribe to the data.
Read-only: nothing here can trade.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import batched
from typing import TYPE_CHECKING, Any

import numpy as np

from xlalvh.market import calendar, quality
from xlalvh.market.plausible import check
from xlalvh.market.providers.osi import ROOTS, Rows
from xlalvh.market.providers.provider import Nothing
from xlalvh.market.quotes import ChainSnapshot, Future, FuturesCurve, QuoteError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ib_async import IB, Contract, Ticker

    from xlalvh.market import settings

SOURCE = "Interactive Brokers"
