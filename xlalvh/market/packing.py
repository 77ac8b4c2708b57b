"""Columns of numbers as few bytes: decimals become whole numbers where that loses nothing, then all is compressed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlalvh.numerics.arrays import Array

Columns = Mapping[str, NDArray[Any]]

_SCALE = 10_000.0
_MISSING = np.iinfo(np.int32).min
_MARK = "/scaled"


def pack(columns: Columns) -> bytes:
    """Arrays by name, of numbers, dates or text, as bytes."""
    prepared: dict[str, NDArray[Any]] = {}
    for name, column in columns.items():
        whole = _whole(column) if column.dtype.kind == "f" else None
        if whole is None:
            prepared[name] = column
        else:
            # Bytes of one place side by side: neighbours are alike, which compresses.
            prepared[name + _MARK] = np.ascontiguousarray(whole.view(np.uint8).reshape(-1, 4).T)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **prepared)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that `pack` was given, bit for bit (a −0 comes back as 0)."""
    columns = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        for name in found.files:
            column = found[name]
            if name.endswith(_MARK):
                whole = np.ascontiguousarray(column.T).view(np.int32).ravel()
                columns[name.removesuffix(_MARK)] = np.where(whole == _MISSING, np.nan, whole / _SCALE)
            else:
                columns[name] = column
    return columns


def _whole(column: Array) -> NDArray[np.int32] | None:
    """Ten-thousandths, or None where that is not exact for every element."""
    missing = np.isnan(column)
    with np.errstate(over="ignore"):
        scaled = np.rint(np.where(missing, 0.0, column) * _SCALE)
    exact = (np.abs(scaled) < -_MISSING) & (scaled / _SCALE == column)
    if not (exact | missing).all():
        return None
    return np.where(missing, _MISSING, scaled).astype("<i4")
