"""What the installer made: the files, folders and registry keys, kept as JSON in the user's folder."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path


class Manifest:
    """The list; a missing or damaged file is an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = {"version": "", "fingerprint": "", "environment": ""}
        self.files: dict[str, list[str]] = {}  # while a file is replaced, the hashes of both
        self.environments: list[str] = []  # where one stands, or was begun
        self.contents: dict[str, list[str]] = {}  # names at the top of an environment that was made whole
        self.folders: list[str] = []
        self.keys: list[str] = []
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            self.data |= {name: str(found[name]) for name in self.data if name in found}
            self.files = {str(k): list(map(str, v)) for k, v in dict(found["files"]).items()}
            self.contents = {str(k): list(map(str, v)) for k, v in dict(found.get("contents", {})).items()}
            self.environments, self.folders, self.keys = (
                list(map(str, found[name])) for name in ("environments", "folders", "keys")
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass  # none, or damaged: what stands in known places is found without it

    def save(self) -> None:
        """Write it whole or not at all."""
        text = json.dumps(
            self.data
            | {
                "environments": self.environments,
                "contents": self.contents,
                "files": self.files,
                "folders": self.folders,
                "keys": self.keys,
            },
            indent=1,
        )
        draft = self.path.with_name(self.path.name + ".part")
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self.path)

    def folder(self, path: Path) -> None:
        """Make a folder and those above it, having noted which were not there."""
        missing = [str(folder) for folder in (path, *path.parents) if not folder.exists()]
        self.folders += [folder for folder in reversed(missing) if folder not in self.folders]
        self.save()
        path.mkdir(parents=True, exist_ok=True)

    def unchanged(self, path: Path) -> bool:
        """Whether a file is still what was written."""
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() in self.files.get(str(path), [])
