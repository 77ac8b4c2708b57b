"""Open Packaging Conventions (ECMA-376 part 2): the parts of an Office file, and a new file with some of them changed.

Parts that nobody changes keep their bytes, the compressed ones too. A file is replaced whole or not at all.
"""

from __future__ import annotations

import os
import posixpath
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of an encrypted Office file, and of one from before 2007
_LOCAL_HEADER = struct.Struct("<26xHH")  # what stands before the lengths of name and extra field
_SIZES_FOLLOW = 0x08  # flag of an entry whose sizes stand after its data
_DATE = (1980, 1, 1, 0, 0, 0)


class PackageError(ValueError):
    """A file that is no whole, readable package, or that another program has open; the message says what to do."""


@dataclass(frozen=True)
class Relationship:
    """One way from a part to another part, or to something outside of the file."""

    id: str
    type: str  # an address
    target: str  # the name of a part; for an external one what the file says
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type: worksheet, styles, drawing."""
        return self.type.rpartition("/")[2]


class Package:
    """The parts of a file, in memory.

    Parameters
    ----------
    path : Path

    Raises
    ------
    PackageError
        Where the file is missing, encrypted, damaged, or no package.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed: set[str] = set()
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        try:
            with path.open("rb") as file:
                start = file.read(len(_COMPOUND))
            if start == _COMPOUND:
                raise PackageError(
                    f"{path} is encrypted, or of Excel 97-2003: save it without a password as .xlsx or .xlsm"
                )
            with ZipFile(path) as archive:
                entries = archive.infolist()
                self._parts = {entry.filename: archive.read(entry) for entry in entries}
            if len(self._parts) != len(entries):
                raise PackageError(f"{path} holds a part twice; open it in its program, save it, and try again")
            self._read_types()
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ElementTree.ParseError) as error:
            raise PackageError(f"{path} is damaged or no Office file ({error}); take a copy that opens") from error
        except OSError as error:
            raise PackageError(
                f"{path} cannot be read ({error.strerror}); check its name and whether it may be read"
            ) from error

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises
        ------
        PackageError
            Where there is no such part.
        """
        try:
            return self._parts[name]
        except KeyError:
            raise PackageError(f"{self.path} lacks its part {name}; take a copy that opens") from None

    def write(self, name: str, data: bytes, content_type: str = "") -> None:
        """Put a part in, in place of one of that name; a new part needs its content type, unless its ending has one."""
        if self._parts.get(name) != data:
            self._parts[name] = data
            self._changed.add(name)
        if content_type and self.content_type(name) != content_type:
            self._overrides["/" + name] = content_type
            self._changed.add(TYPES)

    def remove(self, name: str) -> None:
        """Take a part out, and its relationships."""
        for gone in (name, relationships_part(name)):
            self._parts.pop(gone, None)
        if self._overrides.pop("/" + name, None) is not None:
            self._changed.add(TYPES)

    def content_type(self, name: str) -> str:
        """The content type of a part; empty where none is said."""
        return self._overrides.get("/" + name) or self._defaults.get(name.rpartition(".")[2].lower(), "")

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """Where a part leads; that of the whole file without a name."""
        source = relationships_part(part)
        if source not in self._parts:
            return ()
        try:
            elements = ElementTree.fromstring(self._parts[source])
        except ElementTree.ParseError as error:
            raise PackageError(f"{self.path} is damaged in {source} ({error}); take a copy that opens") from error
        return tuple(_relationship(element, part) for element in elements)

    def set_relationships(self, part: str, relationships: Iterable[Relationship]) -> None:
        """Write where a part leads."""
        root = ElementTree.Element("Relationships", {"xmlns": _RELATIONSHIPS})
        for r in relationships:
            attributes = {"Id": r.id, "Type": r.type, "Target": r.target if r.external else "/" + r.target}
            ElementTree.SubElement(
                root, "Relationship", attributes | ({"TargetMode": "External"} if r.external else {})
            )
        self.write(relationships_part(part), _serialized(root))

    def save(self, path: Path) -> None:
        """Write the file beside `path`, flush it to the disk, and put it in `path`'s place in one step.

        Raises
        ------
        OSError
            Where it cannot be written; what stood at `path` is as before.
        """
        if TYPES in self._changed:
            self._parts[TYPES] = self._types()
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out, ZipFile(self.path) as old:
                self._write_entries(old, out)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(draft, (path if path.exists() else self.path).stat().st_mode & 0o777)
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def _write_entries(self, old: ZipFile, out: IO[bytes]) -> None:
        before = {entry.filename: entry for entry in old.infolist()}
        with ZipFile(out, "w", ZIP_DEFLATED) as new:
            for name, data in self._parts.items():
                if name in before and name not in self._changed:
                    _copy(old, before[name], new)
                else:
                    entry = ZipInfo(name, before[name].date_time if name in before else _DATE)
                    entry.compress_type = ZIP_DEFLATED
                    new.writestr(entry, data)

    def _read_types(self) -> None:
        for element in ElementTree.fromstring(self.read(TYPES)):
            kind = element.get("ContentType", "")
            if element.tag.endswith("}Default"):
                self._defaults[element.get("Extension", "").lower()] = kind
            else:
                self._overrides[element.get("PartName", "")] = kind

    def _types(self) -> bytes:
        root = ElementTree.Element("Types", {"xmlns": _TYPES})
        for extension, kind in self._defaults.items():
            ElementTree.SubElement(root, "Default", {"Extension": extension, "ContentType": kind})
        for name, kind in self._overrides.items():
            ElementTree.SubElement(root, "Override", {"PartName": name, "ContentType": kind})
        return _serialized(root)


def relationships_part(part: str) -> str:
    """Where the relationships of a part stand."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def refuse_open(path: Path) -> None:
    """Refuse a book that Excel or Calc has open: both leave a file beside it.

    Raises
    ------
    PackageError
    """
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):
        if path.with_name(lock).exists():
            raise PackageError(
                f"{path} is open in another program: close it there (or delete {lock} if it is left over)"
            )


def _relationship(element: ElementTree.Element, part: str) -> Relationship:
    target, external = element.get("Target", ""), element.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")
    return Relationship(element.get("Id", ""), element.get("Type", ""), target, external)


def _copy(old: ZipFile, entry: ZipInfo, new: ZipFile) -> None:
    """An entry with its compressed bytes as they are."""
    source, out = old.fp, new.fp
    assert source is not None
    assert out is not None
    source.seek(entry.header_offset)
    name, extra = _LOCAL_HEADER.unpack(source.read(_LOCAL_HEADER.size))
    source.seek(name + extra, os.SEEK_CUR)
    data = source.read(entry.compress_size)
    entry.flag_bits &= ~_SIZES_FOLLOW
    entry.extra = b""
    entry.header_offset = out.tell()
    out.write(entry.FileHeader(zip64=False))
    out.write(data)
    new.filelist.append(entry)
    new.NameToInfo[entry.filename] = entry
    new.start_dir = out.tell()


def _serialized(root: ElementTree.Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + ElementTree.tostring(root)


def _sync_folder(folder: Path) -> None:
    """The rename itself on the disk, where the system lets a folder be flushed (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
