"""``xlalvh refresh``: quotes of now into the store, and into a closed book."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlalvh.cli.failure import fail

if TYPE_CHECKING:
    from xlalvh.market.quotes import Snapshot

_KINDS = (".xlsx", ".xlsm", ".ods")


def refresh(
    book: Annotated[
        Path | None, typer.Argument(help="A closed .xlsx, .xlsm or .ods workbook that gets the quotes.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put BOOK back to what it was before its last refresh.")] = False,
    progress: Annotated[
        bool, typer.Option("--progress", help="For programs: a line of JSON a step; it ends when its input closes.")
    ] = False,
) -> None:
    """Fetch quotes into the store; with BOOK write them into its Market sheet too.

    A book that is open is refreshed by its own button or menu.
    """
    from xlalvh.hosts.block import TooLargeError
    from xlalvh.hosts.calc.locate import ProgramMissingError
    from xlalvh.hosts.calc.session import CalcError
    from xlalvh.hosts.excel.opc import PackageError
    from xlalvh.hosts.undo import UndoError
    from xlalvh.market.quotes import QuoteError
    from xlalvh.market.refresh import RefreshError
    from xlalvh.market.settings import SettingsError

    def tell(line: str) -> None:
        typer.echo(json.dumps({"text": line}) if progress else line)

    if progress:
        _end_with_the_starter()
    try:
        if book is not None:
            _must_be_closed(book)
        if undo:
            _undo(book)
        else:
            snapshot = _fetched(tell)
            if book is not None:
                _write(book, snapshot)
    except (
        *(QuoteError, RefreshError, SettingsError, TooLargeError, PackageError, UndoError, ProgramMissingError),
        *(CalcError, OSError),
    ) as error:
        reason = " ".join(str(error).split())
        if progress:
            typer.echo(json.dumps({"error": reason}))
            raise typer.Exit(1) from None
        fail(reason)
    if progress:
        typer.echo(json.dumps({"done": True}))
    elif undo:
        typer.echo(f"{book} is as it was before its last refresh")
    else:
        typer.echo(f"quotes of {snapshot.spx.market_time:%Y-%m-%d %H:%M} UTC are stored")
        if book is not None:
            typer.echo(f"{book} has them; undo with: xlalvh refresh --undo {book}")


def _end_with_the_starter() -> None:
    """End this process when its standard input closes: who started it is gone. The store survives an end anywhere."""

    def wait() -> None:
        while os.read(0, 1):  # sys.stdin would be locked at the end of the interpreter
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _fetched(tell: Callable[[str], None]) -> Snapshot:
    from xlalvh.market import settings
    from xlalvh.market.refresh import refresh as fetch
    from xlalvh.market.store import Store

    return fetch(Store(), settings.load(), tell)


def _must_be_closed(book: Path) -> None:
    from xlalvh.hosts.excel.opc import PackageError, refuse_open

    if book.suffix.lower() not in _KINDS:
        raise PackageError(f"{book} is no workbook of ours; give one that ends in {', '.join(_KINDS)}")
    if not book.is_file():
        raise PackageError(f"{book} does not exist; check its name")
    refuse_open(book)


def _undo(book: Path | None) -> None:
    from xlalvh.hosts import undo

    if book is None:
        raise undo.UndoError("--undo needs the BOOK to put back; in an open book take its button or menu")
    undo.restore(book)


def _write(book: Path, snapshot: Snapshot) -> None:
    from xlalvh.hosts import undo
    from xlalvh.hosts.block import block
    from xlalvh.market import histories
    from xlalvh.market.store import Store
    from xlalvh.market.tables import tabulate

    tables = tabulate(snapshot, histories.of_store(Store()))
    if book.suffix.lower() == ".ods":
        from xlalvh.hosts.calc import closed

        undo.keeping(book, lambda: closed.write(book, tables))
    else:
        from xlalvh.hosts.excel.closed import ClosedBook

        closed_book = ClosedBook(book)
        closed_book.write(block(tables, date_1904=closed_book.date_1904))
        undo.keeping(book, lambda: closed_book.package.save(book))
