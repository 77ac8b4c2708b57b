"""Files that the user downloads by hand: quote tables and VX settlements where the settings say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlalvh.market.plausible import check
from xlalvh.market.providers.cboe_quote_table import read_quote_table
from xlalvh.market.providers.provider import Nothing, NotOfferedError
from xlalvh.market.providers.vx_futures import read_futures
from xlalvh.market.quotes import ChainSnapshot, FuturesCurve, QuoteError

if TYPE_CHECKING:
    from xlalvh.market import settings


class Files(Nothing):
    """A file, or the newest quote table of a folder."""

    def __init__(self, places: settings.Files) -> None:
        self._places = places

    async def chain(self, underlying: str) -> ChainSnapshot:
        place = {"SPX": self._places.spx, "VIX": self._places.vix}[underlying]
        if not place:
            raise NotOfferedError(f"the settings name no file of {underlying} options")
        path = Path(place).expanduser()
        found = read_quote_table(_newest(path, underlying) if path.is_dir() else path)
        if found.chain.underlying != underlying:
            raise QuoteError(f"{path.name} holds {found.chain.underlying} options; give a quote table of {underlying}")
        return check(found)

    async def futures(self) -> FuturesCurve:
        if not self._places.futures:
            raise NotOfferedError("the settings name no file of VX futures")
        return read_futures(Path(self._places.futures).expanduser())

    async def reach(self) -> None:
        places = [place for place in (self._places.spx, self._places.vix, self._places.futures) if place]
        if not places:
            raise QuoteError("the settings name no file; name one under [files]")
        missing = [place for place in places if not Path(place).expanduser().exists()]
        if missing:
            raise QuoteError(f"there is no {' and no '.join(missing)}; correct [files] in the settings")


def _newest(folder: Path, underlying: str) -> Path:
    """The quote table that was downloaded last: spx_quotedata.csv, spx_quotedata (1).csv and so on."""
    found = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() == ".csv" and path.name.lower().startswith(underlying.lower())
    ]
    if not found:
        raise QuoteError(f"the folder {folder} holds no {underlying.lower()}_quotedata.csv; download it from Cboe")
    return max(found, key=lambda path: path.stat().st_mtime)
