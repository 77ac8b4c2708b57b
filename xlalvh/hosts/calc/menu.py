"""The menu ALVH: refresh, undo, paper trading, bind formulas, doctor, help. Calc's own Python runs this file.

A refresh runs in a helper of the menu's own, so that formulas are answered meanwhile. A thread asks how it goes; what
changes a document happens on Calc's main thread.
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from typing import Any

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.util import XCloseListener
from xlalvh_areas import AreaError, counted, has_market, read, write  # type: ignore[import-not-found]
from xlalvh_client import Client  # type: ignore[import-not-found]

_ASK_EVERY = 0.3  # seconds
_SHORTEST = 15.0  # seconds between two refreshes
_SHOWN = 8.0  # seconds that the last word stays
_PERIOD = "refresh_seconds"
_ORDER, _ABOUT = "paper_order", "paper_about"
_HELP = (
    "Refresh quotes fetches the market and rewrites the quotes on the sheet Market; your inputs stay. Undo last "
    "refresh puts the quotes before it back; Calc's own Undo is emptied by a refresh. Auto-refresh repeats it every so "
    "many seconds (sheet Market) until it is chosen again or the book is closed.\n\nBook to paper books the legs that "
    "the sheet Paper shows in a ledger of trades that were never made; Mark paper trades carries them at the quotes of "
    "the last refresh.\n\nThe sheet Functions shows every "
    "formula at work; the function wizard lists them."
)

with open(os.path.join(os.path.dirname(__file__), "alvh.json"), encoding="utf-8") as _file:
    _CLIENT = Client(json.load(_file)["command"], lambda code: code)


class _Book:
    """A document with what the menu does in it; every method runs on Calc's main thread but `_follow`."""

    def __init__(self, context: Any, document: Any) -> None:
        self.context, self.document = context, document
        self.before: dict[str, Any] | None = None  # areas, for the undo
        self.running: threading.Event | None = None  # set to give up
        self.automatic = False
        self.closed = threading.Event()
        self._indicator: Any = None
        document.addCloseListener(_Gone(self))

    def refresh(self) -> None:
        """Start a refresh, unless one runs here."""
        if self.running is not None:
            return
        self.running = threading.Event()
        self.say("fetching quotes (ALVH - Cancel refresh ends it)")
        threading.Thread(target=self._follow, args=(self.running,), daemon=True).start()

    def cancel(self) -> None:
        """Give the refresh up, and auto-refresh."""
        self.automatic = False
        if self.running is not None:
            self.running.set()

    def switch(self) -> None:
        """Auto-refresh on or off."""
        self.automatic = not self.automatic
        if self.automatic:
            self.refresh()
            self.say(f"auto-refresh is on, every {self._period():g} seconds")
        else:
            self.say("auto-refresh is off")
            self._later(_SHOWN, self.hush)

    def undo(self) -> None:
        """Put the quotes back that the last refresh replaced."""
        if self.before is None:
            return self.say_briefly("there is no refresh to undo")
        try:
            write(self.document, self.before)
        except AreaError as error:
            return self.say_briefly(f"nothing is undone: {error}")
        self.before = None
        return self.say_briefly("the quotes before the last refresh are back")

    def paper(self, deed: str, tell: Any) -> None:
        """Book what the sheet Paper shows, or mark what is open; `tell` shows why not."""
        given = None
        if deed == "paper_book":
            try:
                areas = read(self.document, (_ORDER, _ABOUT))
            except AreaError as error:
                return tell(f"Nothing is booked: {error}")
            given = [areas[_ORDER], areas[_ABOUT], self.document.NullDate.Year == 1904]
        self.say("asking the ledger of paper trades")

        def work() -> None:
            try:
                done, text = _ask(deed, given)
            except Exception as failure:
                done, text = False, f"{failure}; the sheet Paper shows whether it was done"
            self._on_main(lambda: self._entered(done, text, tell))

        threading.Thread(target=work, daemon=True).start()
        return None

    def _entered(self, done: bool, text: str, tell: Any) -> None:
        """Let the formulas that read the ledger follow, and say what was done."""
        if not done:
            self.hush()
            return tell(text)
        try:
            write(self.document, counted(self.document, {}))
        except AreaError as error:
            text = f"{text}; {error}"
        return self.say_briefly(text)

    def say(self, text: str) -> None:
        """Show a line in the status bar."""
        if self._indicator is None:
            self._indicator = self.document.CurrentController.Frame.createStatusIndicator()
            self._indicator.start("", 1)
        self._indicator.setText(f"xlalvh: {text}")

    def say_briefly(self, text: str) -> None:
        """The same for some seconds."""
        self.say(text)
        self._later(_SHOWN, self.hush)

    def hush(self) -> None:
        """Give the status bar back."""
        if self._indicator is not None and self.running is None:
            self._indicator.end()
            self._indicator = None

    def _follow(self, given_up: threading.Event) -> None:
        areas, error = None, ""
        try:
            _ask("start")
            while True:
                done, text, error = _ask("poll")
                if done:
                    break
                if given_up.wait(_ASK_EVERY):
                    _ask("cancel")
                else:
                    self._on_main(lambda text=text: self.say(text))
            if not error:
                areas = _ask("block", self.document.NullDate.Year == 1904)
        except Exception as failure:
            error = " ".join(str(failure).split()) or type(failure).__name__
        if error and not given_up.is_set():
            with suppress(Exception):  # the status bar says it too
                areas = _ask("failed", [error, self.document.NullDate.Year == 1904])
        if not self.closed.is_set():
            self._on_main(lambda: self._finish(areas, error))

    def _finish(self, areas: Any, error: str) -> None:
        """Write what came: new quotes, or why there are none."""
        self.running = None
        try:
            if not error:
                fresh = counted(self.document, areas)
                before = read(self.document, fresh)
                write(self.document, fresh)
                self.before = before
            elif areas is not None:
                write(self.document, areas)
        except Exception as failure:
            error = str(failure)
        again = ""
        if self.automatic:
            again = f"; again in {self._period():g} seconds"
            self._later(self._period(), self._repeat)
        self.say_briefly(("quotes not refreshed, the old ones stay: " + error if error else "quotes refreshed") + again)

    def _repeat(self) -> None:
        if self.automatic:
            self.refresh()

    def _period(self) -> float:
        names = self.document.NamedRanges
        cells = names.getByName(_PERIOD).getReferredCells() if names.hasByName(_PERIOD) else None
        return max(_SHORTEST, cells.getCellByPosition(0, 0).getValue() if cells is not None else 60.0)

    def _later(self, seconds: float, action: Any) -> None:
        def wait() -> None:
            if not self.closed.wait(seconds):
                self._on_main(action)

        threading.Thread(target=wait, daemon=True).start()

    def _on_main(self, action: Any) -> None:
        _on_main(self.context, lambda: None if self.closed.is_set() else action())


class _RefusedError(Exception):
    """The helper's reason for not doing something."""


def _ask(what: str, argument: Any = None) -> Any:
    answer = _CLIENT.ask({"do": what, "with": argument})
    if "failed" in answer:
        raise _RefusedError(answer["failed"])
    return answer["ok"]


class _Call(unohelper.Base, XCallback):  # type: ignore[misc]
    """Something to do on Calc's main thread."""

    def __init__(self, action: Any) -> None:
        self._action = action

    def notify(self, _: Any) -> None:
        self._action()


def _on_main(context: Any, action: Any) -> None:
    queue = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.AsyncCallback", context)
    queue.addCallback(_Call(action), None)


class _Gone(unohelper.Base, XCloseListener):  # type: ignore[misc]
    """The end of a document: its refresh and auto-refresh end too."""

    def __init__(self, book: _Book) -> None:
        self._book = book

    def queryClosing(self, event: Any, ownership: bool) -> None:
        pass  # it may close

    def notifyClosing(self, event: Any) -> None:
        self.disposing(event)

    def disposing(self, _: Any) -> None:
        self._book.closed.set()
        self._book.cancel()
        if self._book in _BOOKS:
            _BOOKS.remove(self._book)


_BOOKS: list[_Book] = []


class Menu(unohelper.Base, XDispatchProvider, XDispatch, XInitialization, XServiceInfo):  # type: ignore[misc]
    """What the entries of the menu lead to; there is one a window."""

    def __init__(self, context: Any, *_: Any) -> None:
        self._context = context
        self._frame: Any = None

    def initialize(self, arguments: Any) -> None:
        """Take the window's frame."""
        self._frame = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Protocol == _PROTOCOL else None

    def queryDispatches(self, requests: Any) -> tuple[Any, ...]:
        return tuple(self.queryDispatch(r.FeatureURL, r.FrameName, r.SearchFlags) for r in requests)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        pass  # every entry can always be chosen

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        pass

    def dispatch(self, url: Any, arguments: Any) -> None:
        """Have the entry's deed done, whichever thread asks for it."""
        _on_main(self._context, lambda: self._do(url.Path))

    def _do(self, entry: str) -> None:
        document = self._frame.Controller.Model
        if entry == "help":
            self._tell(_HELP)
        elif entry == "doctor":
            threading.Thread(target=self._examine, daemon=True).start()
        elif entry == "bind":
            model = PropertyValue(Name="Model", Value=document)
            environment = uno.Any("[]com.sun.star.beans.PropertyValue", (model,))
            binding = self._context.ServiceManager.createInstanceWithContext("org.xlalvh.Binding", self._context)
            binding.execute((PropertyValue(Name="Environment", Value=environment),))
        elif not has_market(document):
            self._tell("This book has no place for quotes. Open the workbook of xlalvh, alvh.ods.")
        else:
            book = _book(self._context, document)
            entries = {"refresh": book.refresh, "cancel": book.cancel, "switch": book.switch, "undo": book.undo}
            if entry.startswith("paper_"):
                book.paper(entry, self._tell)
            else:
                entries[entry]()

    def _examine(self) -> None:
        """Have the doctor look, which takes some seconds, and show what he found."""
        try:
            while (found := _ask("doctor")) is None:
                time.sleep(_ASK_EVERY)
        except Exception as failure:
            found = f"The doctor gave no answer: {failure}"
        _on_main(self._context, lambda: self._tell(found))

    def _tell(self, text: str) -> None:
        window = self._frame.ContainerWindow
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", "INFOBOX")
        window.Toolkit.createMessageBox(window, kind, 1, "xlalvh", text).execute()

    def getImplementationName(self) -> str:
        return _IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name in _SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return _SERVICES


def _book(context: Any, document: Any) -> _Book:
    for book in _BOOKS:
        if book.document == document:
            return book
    _BOOKS.append(_Book(context, document))
    return _BOOKS[-1]


_IMPLEMENTATION = "org.xlalvh.Menu"
_SERVICES = ("com.sun.star.frame.ProtocolHandler", _IMPLEMENTATION)
_PROTOCOL = "org.xlalvh.menu:"

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 (the loader looks for this name)
g_ImplementationHelper.addImplementation(Menu, _IMPLEMENTATION, _SERVICES)
