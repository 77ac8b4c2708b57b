"""Whether the providers can be reached, for the doctor: none is asked for quotes."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from xlalvh.market.directory import data_directory
from xlalvh.market.http import Client
from xlalvh.market.providers.order import ordered
from xlalvh.market.quotes import QuoteError

if TYPE_CHECKING:
    from xlalvh.market.providers.provider import Provider
    from xlalvh.market.settings import Settings

_LIMIT = 15.0  # seconds for each, all at once


def probe(settings: Settings) -> dict[str, str]:
    """The providers in the settings' order with the reason why one cannot be reached, "" where it can."""
    limits = msgspec.structs.replace(settings.http, total=_LIMIT)
    return asyncio.run(_probe(msgspec.structs.replace(settings, http=limits)))


async def _probe(settings: Settings) -> dict[str, str]:
    async with Client(settings.http, data_directory() / "answers") as client:
        providers = ordered(settings, client, dt.datetime.now(dt.UTC))
        reasons = await asyncio.gather(*map(_reason, providers.values()))
    return dict(zip(providers, reasons, strict=True))


async def _reason(provider: Provider) -> str:
    try:
        async with asyncio.timeout(_LIMIT):
            await provider.reach()
    except TimeoutError:
        return f"no answer within {_LIMIT:g} s"
    except QuoteError as error:
        return str(error)
    except Exception as error:  # of a provider's package; the others are looked at all the same
        return f"{type(error).__name__}: {error}"
    return ""
