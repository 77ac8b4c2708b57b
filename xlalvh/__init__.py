"""xlalvh: SPX iron condors hedged with a 4/4/2 ladder of VIX calls, as spreadsheet formulas."""

__version__ = "0.1.0"
