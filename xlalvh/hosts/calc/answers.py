"""A question of Calc's add-in, answered: both are JSON texts.

``[name, arguments, date_1904]`` is a formula call; ``[formula]`` asks which references a formula text holds. Inside
arguments ``{"error": code}`` is an error cell, and ``{"formula": text, "values": [[reference, value], ...]}`` a cell to
look into. An error in an answer is ``{"error": code}``. ``{"do": ...}`` is the menu's (`refresh`), answered
``{"ok": value}`` or ``{"failed": reason}``.
"""

from __future__ import annotations

import json
import traceback
from typing import Any

from xlalvh.formulas import explain, registry
from xlalvh.formulas.cells import Cell
from xlalvh.formulas.errors import CellError


def answer(question: str) -> str:
    """The answer to a question. Nothing escapes: a fault in our own code is ``#N/A`` and a trace.

    >>> answer('["ALVH_PRICE", ["C", 100.0, 90.0, 0.0, 0.2], false]')
    '10.0'
    >>> answer('["ALVH_PRICE", ["C", 100.0, -90.0, 0.0, 0.2], false]')
    '{"error":"#NUM!"}'
    >>> answer('["=ALVH_PRICE(A1,forward)"]')
    '["A1","forward"]'
    """
    try:
        request = _decode(question)
        if isinstance(request, dict):
            return _done(request)
        if len(request) == 1:
            return _encode(explain.references(request[0]))
        name, arguments, date_1904 = request
        arguments = [_cell(a, date_1904) if isinstance(a, dict) else a for a in arguments]
        return _encode(_rows(registry.call(name, arguments, date_1904=date_1904)))
    except Exception:
        traceback.print_exc()
        return '{"error":"#N/A"}'


def _done(request: dict[str, Any]) -> str:
    from xlalvh.hosts.calc import refresh

    try:
        return _encode({"ok": refresh.do(request["do"], request.get("with"))})
    except Exception as error:
        return _encode({"failed": " ".join(str(error).split()) or type(error).__name__})


def _special(item: dict[str, Any]) -> Any:
    return CellError(item["error"], f"the cell holds {item['error']}") if "error" in item else item


def _cell(item: dict[str, Any], date_1904: bool) -> Cell:
    return Cell(item["formula"], dict(item["values"]).__getitem__, date_1904)


def _rows(result: Any) -> Any:
    """An array as rows, a flat one being one row, and blanks as empty text: Calc takes nothing else."""
    if isinstance(result, tuple):
        rows = result if result and isinstance(result[0], tuple) else (result,)
        return [["" if cell is None else cell for cell in row] if None in row else row for row in rows]
    return "" if result is None else result


_decode = json.JSONDecoder(object_hook=_special).decode
_encode = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=lambda error: {"error": error.code}
).encode
