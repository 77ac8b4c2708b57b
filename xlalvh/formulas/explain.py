"""Why a cell failed: its ``ALVH_`` calls are evaluated again, the inner ones first, and the first failure is told.

Formula text is Excel's English one, arguments parted by commas. Ordinary functions around and inside the calls are
evaluated by the package ``formulas``. It and openpyxl are imported on use: they take 0.5 and 0.1 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xlalvh.formulas import cells, foreign, registry
from xlalvh.formulas.arguments import PAIRED, Argument, Kind
from xlalvh.formulas.cells import Resolve
from xlalvh.formulas.errors import CellError, value_error

if TYPE_CHECKING:
    from openpyxl.formula.tokenizer import Token

NO_FAILURE = "no failure"

_OUR_CALL = re.compile(r"(?:^|[!.@])(ALVH_\w+)\($", re.IGNORECASE)
_SPILLED = re.compile(r"(?<=[A-Za-z0-9_])#")
_SPILL_MARK = "\ue000"  # the tokenizer takes the # of A1# for the start of an error value
_ABOUT = r"\b.*?(?=; |, which |: |$)"  # of a message: what it says of the argument, before the remedy


@dataclass(frozen=True)
class _Reference:
    text: str


@dataclass(frozen=True)
class _Call:
    name: str
    arguments: list[_Expression]


@dataclass(frozen=True)
class _Plain:
    text: str
    kind: str


_Expression = list[_Reference | _Call | _Plain]


@dataclass
class _Run:
    """One evaluation: how to look up cells, and the first failure."""

    resolve: Resolve
    date_1904: bool
    failure: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def look_up(self, reference: str) -> Any:
        if reference not in self.seen:
            self.seen[reference] = self.resolve(reference)
        return self.seen[reference]


class _CannotEvaluateError(Exception):
    """Ordinary functions that ``formulas`` does not know."""


def references(formula: str) -> list[str]:
    """The references and names in a formula text, in order, each once.

    >>> references('=ALVH_PRICE("P",Sheet2!$B$1,C4*2,Years,vol,0)')
    ['Sheet2!$B$1', 'C4', 'Years', 'vol']

    Raises
    ------
    CellError
        ``#VALUE!`` for text that is no formula.
    """
    return list(dict.fromkeys(_references(_read(formula))))


def explain(formula: str, resolve: Resolve, *, date_1904: bool = False) -> str | CellError:
    """Why a cell with this formula fails.

    Parameters
    ----------
    formula, resolve, date_1904
        As in `Cell`.

    Returns
    -------
    str or CellError
        The first failure: code, formula, argument, value received and where from, remedy; ``no failure`` where there
        is none; `CellError` where the text cannot be read. A call that IF does not reach is evaluated too.
    """
    try:
        expression = _read(formula)
    except CellError as error:
        return error
    if not any(isinstance(part, _Call) for part in expression):
        return "the cell has no ALVH_ formula; give the cell of one"
    run = _Run(resolve, date_1904)
    try:
        shown = _first_error(_evaluate(expression, run))
    except _CannotEvaluateError as reason:
        return run.failure or f"no failure before this: {reason}"
    if run.failure:
        return run.failure if shown else f"no failure in the cell, but inside it: {run.failure}"
    if shown:
        return f"{shown.code} comes from the functions around the ALVH_ formula{_error_cells(run)}"
    return NO_FAILURE


def _read(formula: str) -> _Expression:
    from openpyxl.formula.tokenizer import Tokenizer, TokenizerError

    text = formula.strip().strip("{}")
    if not text.startswith("="):
        raise value_error("the cell holds no formula; give the cell of an ALVH_ formula")
    try:
        tokens = Tokenizer(_SPILLED.sub(_SPILL_MARK, text)).items
    except TokenizerError as error:
        raise value_error(f"the formula {text!r} cannot be read ({error}); enter it again") from None
    return _arguments(iter(tokens))[0]


def _arguments(tokens: Iterator[Token]) -> list[_Expression]:
    """Expressions up to the bracket that closes them, or to the end."""
    from openpyxl.formula.tokenizer import Token

    found: list[_Expression] = [[]]
    depth = 0
    for token in tokens:
        value = token.value.replace(_SPILL_MARK, "#")
        ours = _OUR_CALL.search(value) if token.type == Token.FUNC and token.subtype == Token.OPEN else None
        if ours:
            inner = _arguments(tokens)
            found[-1].append(_Call(ours[1].upper(), inner if inner != [[]] else []))
            continue
        if token.subtype == Token.OPEN:
            depth += 1
        elif token.subtype == Token.CLOSE:
            depth -= 1
            if depth < 0:
                break
        elif token.type == Token.SEP and token.subtype == Token.ARG and depth == 0:
            found.append([])
            continue
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found[-1].append(_Reference(value.lstrip("@")))
        elif token.type != Token.WSPACE:
            found[-1].append(_Plain(value.lstrip("@"), token.subtype))
    return found


def _references(expression: _Expression) -> Iterator[str]:
    for part in expression:
        if isinstance(part, _Reference):
            yield part.text
        elif isinstance(part, _Call):
            for argument in part.arguments:
                yield from _references(argument)


def _text(expression: _Expression) -> str:
    return "".join(
        f"{part.name}({','.join(map(_text, part.arguments))})" if isinstance(part, _Call) else part.text
        for part in expression
    )


def _evaluate(expression: _Expression, run: _Run) -> Any:
    # In the order of the text, so that the first failure is the leftmost of the innermost.
    values = [_part(part, run) for part in expression]
    if not expression:
        return None
    if len(expression) > 1:
        return _ordinary(expression, values)
    return values[0]


def _part(part: _Reference | _Call | _Plain, run: _Run) -> Any:
    if isinstance(part, _Reference):
        return run.look_up(part.text)
    if isinstance(part, _Call):
        return _call(part, run)
    if part.kind == "NUMBER":
        return float(part.text)
    if part.kind == "LOGICAL":
        return part.text.upper() == "TRUE"
    if part.kind == "TEXT":
        return part.text[1:-1].replace('""', '"')
    return cells.as_error(part.text)


def _call(call: _Call, run: _Run) -> Any:
    values = [_evaluate(argument, run) for argument in call.arguments]
    result = registry.call(call.name, values, date_1904=run.date_1904)
    error = _first_error(result)
    if error and not run.failure:
        run.failure = _describe(call, values, error)
    return result


def _describe(call: _Call, values: Sequence[Any], error: CellError) -> str:
    entry = registry.catalogue.get(call.name)
    message = error.message
    given = list(zip(entry.arguments, call.arguments, values, strict=False)) if entry else []
    for argument, expression, value in given:
        position = _culprit(argument, value, error)
        if position is not None:
            return f"{error.code} {call.name}: {_with_origin(message, argument.name, expression, position)}"
    for argument, expression, _ in given:
        if re.match(rf"{argument.name}\b", message):
            return f"{error.code} {call.name}: {_with_origin(message, argument.name, expression, None)}"
    left_out = entry.arguments[len(given) :] if entry else ()
    named = any(re.match(rf"{a.name}\b", message) for a in left_out)
    origins = "" if named else ", ".join(f"{a.name} = {_text(e)}" for a, e, _ in given if any(_references(e)))
    return f"{error.code} {call.name}: {message}" + (f" (with {origins})" if origins else "")


def _culprit(argument: Argument, value: Any, error: CellError) -> tuple[int, int] | None:
    """Row and column of the cell of an argument that gives just this error."""
    if argument.kind not in (*PAIRED, *_SINGLES):
        return None
    try:
        rows = cells.grid(value, argument.name).rows()
    except CellError:
        return None
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if argument.optional and cells.is_blank(cell):
                continue
            try:
                argument.convert(cell)
            except CellError as found:
                if found == error:
                    return r, c
    return None


_SINGLES = (Kind.SINGLE, Kind.TEXT, Kind.FLAG, Kind.MOMENT)


def _with_origin(message: str, name: str, expression: _Expression, position: tuple[int, int] | None) -> str:
    if not any(isinstance(part, (_Reference, _Call)) for part in expression):
        return message
    origin = _text(expression)
    if len(expression) == 1 and isinstance(expression[0], _Reference) and position is not None:
        origin = _address(origin, *position)
    told = re.sub(rf"^{name}{_ABOUT}", lambda found: f"{found[0]} (from {origin})", message, count=1)
    return told.replace("mend that cell first", f"look at {origin} first")


def _address(reference: str, row: int, column: int) -> str:
    """The cell at a place of a range; names and single cells stay as they are."""
    from openpyxl.utils import get_column_letter, range_boundaries

    sheet, mark, area = reference.rpartition("!")
    if ":" not in area:
        return reference if row == column == 0 else f"row {row + 1}, column {column + 1} of {reference}"
    try:
        left, top, _, _ = range_boundaries(area)
    except ValueError:
        return reference
    return f"{sheet}{mark}{get_column_letter((left or 1) + column)}{(top or 1) + row}"


def _first_error(value: Any) -> CellError | None:
    if isinstance(value, (list, tuple)):
        return next((error for item in value if (error := _first_error(item))), None)
    return cells.as_error(value)


def _error_cells(run: _Run) -> str:
    bad = [reference for reference, value in run.seen.items() if _first_error(value)]
    return f"; look at {', '.join(bad)} first" if bad else ""


def _ordinary(expression: _Expression, values: Sequence[Any]) -> Any:
    """Evaluate operators and ordinary functions, with our calls and the references put in as names."""
    import formulas

    names = {f"_X{i}": i for i, part in enumerate(expression) if not isinstance(part, _Plain)}
    text = "".join(part.text if isinstance(part, _Plain) else f"_X{i}" for i, part in enumerate(expression))
    try:
        compiled = formulas.Parser().ast("=" + text)[1].compile()
        given = [foreign.from_cells(values[names[name]]) for name in compiled.inputs]
        return cells.plain(foreign.to_cells(compiled(*given)))
    except Exception as error:  # whatever that package raises on what it does not know
        raise _CannotEvaluateError(f"only the spreadsheet can evaluate {_text(expression)}") from error
