"""The process that answers Calc: ``python -I -m xlalvh.hosts.calc.helper``, a child of Calc's add-in.

It reads questions from its standard input and writes answers to its standard output, and ends when Calc closes the
pipe. Nothing listens on a port.

Questions are JSON: ``[name, arguments, date_1904]`` is a formula call, ``[formula]`` asks which references a formula
text holds. Inside arguments ``{"error": code}`` is an error cell, and
``{"formula": text, "values": [[reference, value], ...]}`` a cell to look into. An error in an answer is
``{"error": code}``.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from typing import Any

from xlalvh.hosts.calc.client import read_message, write_message


def answer(question: str) -> str:
    """The JSON answer to a JSON question. Nothing escapes: a fault in our own code is ``#N/A`` and a trace."""
    from xlalvh.formulas import explain, registry

    try:
        request = _decode(question)
        if len(request) == 1:
            return _encode(explain.references(request[0]))
        name, arguments, date_1904 = request
        return _encode(_rows(registry.call(name, arguments, date_1904=date_1904)))
    except Exception:
        traceback.print_exc()
        return '{"error":"#N/A"}'


def main() -> None:
    """Answer until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in Calc's terminal is Calc's matter
    questions, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a library prints must not reach the pipe
    import xlalvh.formulas  # noqa: F401

    gc.freeze()
    while (question := read_message(questions)) is not None:
        write_message(answers, answer(question))


def _special(item: dict[str, Any]) -> Any:
    from xlalvh.formulas import explain
    from xlalvh.formulas.errors import CellError

    if "error" in item:
        return CellError(item["error"], f"the cell holds {item['error']}")
    values = dict(item["values"])
    return explain.Cell(item["formula"], values.__getitem__)


def _rows(result: Any) -> Any:
    """An array as rows, a flat one being one row, and blanks as empty text: Calc takes nothing else."""
    if isinstance(result, tuple):
        rows = result if result and isinstance(result[0], tuple) else (result,)
        return [["" if cell is None else cell for cell in row] for row in rows]
    return "" if result is None else result


_decode = json.JSONDecoder(object_hook=_special).decode
_encode = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=lambda error: {"error": error.code}
).encode

if __name__ == "__main__":
    sys.exit(main())
