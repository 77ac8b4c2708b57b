"""A Windows for tests: a registry in memory, known folders below a temporary one."""

from __future__ import annotations

from pathlib import Path

from xlalvh.hosts.excel.windows import EXCEL_PROGRAM, Value


class FakeWindows:
    """See `xlalvh.hosts.excel.windows.Machine`. `registry` maps each existing key to its values."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.registry: dict[str, dict[str, Value]] = {"HKCU\\Software": {}, "HKLM\\SOFTWARE": {}}
        self.running: dict[str, list[int]] = {}
        self.administrators: set[int | None] = set()
        self.opened: list[Path] = []
        self.reserved: list[Path] = []
        self.code_page = "cp1252"
        self.short_names: dict[str, str] = {}
        for folder in ("AppData/Local", "AppData/Roaming", "Documents"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        self.write(EXCEL_PROGRAM, "", "C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE")

    def values(self, key: str) -> dict[str, Value]:
        return dict(self.registry.get(key, {}))

    def keys(self, key: str) -> list[str]:
        below = (name[len(key) + 1 :] for name in self.registry if name.startswith(key + "\\"))
        return [name for name in below if "\\" not in name]

    def exists(self, key: str) -> bool:
        return key in self.registry

    def write(self, key: str, name: str, value: Value) -> None:
        parts = key.split("\\")
        for i in range(2, len(parts) + 1):
            self.registry.setdefault("\\".join(parts[:i]), {})
        self.registry[key][name] = value

    def delete(self, key: str) -> None:
        if self.keys(key):
            raise PermissionError(f"{key} has subkeys")
        self.registry.pop(key, None)

    def folder(self, name: str) -> Path:
        return self.home / {"local": "AppData/Local", "roaming": "AppData/Roaming", "documents": "Documents"}[name]

    def plain(self, path: Path) -> str | None:
        text = str(path)
        try:
            text.encode(self.code_page)
        except UnicodeEncodeError:
            return self.short_names.get(text)
        return text

    def processes(self, image: str) -> list[int]:
        return self.running.get(image, [])

    def elevated(self, process: int | None = None) -> bool | None:
        return process in self.administrators

    def reserve(self, folder: Path) -> None:
        assert folder.is_dir()
        assert not list(folder.iterdir())
        self.reserved.append(folder)

    def open(self, path: Path) -> None:
        self.opened.append(path)
