"""A user's Windows with the installer on it, whose environments are a few small files."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from tests.fake_windows import FakeWindows

Snapshot = tuple[dict[str, dict[str, Any]], dict[str, bytes | None]]


class Tools:
    """Environments of three files; what happens with them can be made to fail."""

    def __init__(self) -> None:
        self.version = "1"
        self.fails_at = ""
        self.done: list[str] = []

    def make(self, folder: Path) -> None:
        (folder / "Scripts").mkdir(parents=True)
        (folder / "Scripts" / "xlalvh.exe").write_text(f"program of {folder}")
        self._step("make")
        (folder / "package.py").write_text(self.version)

    def settle(self, folder: Path) -> None:
        self._step("settle")
        (folder / "Scripts" / "xlalvh.exe").write_text(f"program of {folder}")

    def fault(self, folder: Path) -> str:
        if self.fails_at == "fault" and folder.name.endswith(".new"):
            return "no DLL"
        return "" if (folder / "package.py").is_file() else "package.py is missing"

    def addin(self, folder: Path, target: Path) -> None:
        self._step("addin")
        target.write_text("add-in " + (folder / "package.py").read_text())

    def book(self, folder: Path, target: Path) -> None:
        self._step("book")
        target.write_text("book " + (folder / "package.py").read_text())

    def fingerprint(self) -> str:
        return self.version

    def _step(self, name: str) -> None:
        self.done.append(name)
        if name == self.fails_at:
            raise ConnectionError(f"{name} broke off")


class Life:
    """One user's Windows and the installer on it."""

    def __init__(self, windows: ModuleType, home: Path) -> None:
        self.windows, self.home = windows, home
        self.machine, self.tools = FakeWindows(home), Tools()
        self.told: list[str] = []
        self.elsewhere = home / "elsewhere"
        self.python = windows.Interpreter("C:\\Python311\\python.exe", (3, 11), "win-amd64")

    def installer(self, **options: Any) -> Any:
        options = {"interpreter": self.python, "say": self.told.append, **options}
        return self.windows.Installer(self.machine, self.tools, **options)

    def install(self, **options: Any) -> Path:
        book: Path = self.installer(**options).install()
        return book

    def move(self) -> Path:
        return self.install(environment=self.elsewhere)

    def uninstall(self) -> list[Path]:
        kept: list[Path] = self.installer().uninstall()
        return kept

    @property
    def environment(self) -> Path:
        return self.home / "AppData/Local/xlalvh/environment"

    @property
    def addin(self) -> Path:
        return self.home / "AppData/Roaming/Microsoft/Excel/XLSTART/xlalvh.xlam"

    @property
    def book(self) -> Path:
        return self.home / "Documents/xlalvh/alvh.xlsm"

    def snapshot(self) -> Snapshot:
        files = {str(p.relative_to(self.home)): p.read_bytes() if p.is_file() else None for p in self.home.rglob("*")}
        return {key: dict(values) for key, values in self.machine.registry.items()}, files
