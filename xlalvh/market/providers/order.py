"""The providers that the settings name, in their order."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from xlalvh.market.providers.cboe import Cboe
from xlalvh.market.providers.files import Files
from xlalvh.market.providers.fred import Fred
from xlalvh.market.providers.ib import Ib
from xlalvh.market.providers.provider import Provider
from xlalvh.market.providers.yahoo import Yahoo

if TYPE_CHECKING:
    from xlalvh.market.http import Client
    from xlalvh.market.settings import Settings


def ordered(settings: Settings, client: Client, now: dt.datetime) -> dict[str, Provider]:
    """By name; without the sample, which is nobody's fall-back for a part."""
    known: dict[str, Provider] = {
        "cboe": Cboe(client, settings.cboe, now),
        "fred": Fred(client, settings.fred),
        "files": Files(settings.files),
        "ib": Ib(settings.ib, now),
        "yahoo": Yahoo(settings.yahoo, settings.http, now),
    }
    return {name: known[name] for name in settings.order if name in known}
