"""The modules in a ``vbaProject.bin``, whoever wrote it: what must not be lost when a book gets a new project."""

from __future__ import annotations

import io
import re

from xlalvh.hosts.excel.compression import decompress

_NAME, _STREAM, _OFFSET, _CODE_PAGE, _PROJECT_VERSION = 0x19, 0x1A, 0x31, 0x03, 0x09  # records of [MS-OVBA] 2.3.4.2
_ATTRIBUTE = re.compile(r"^Attribute .*$", re.M)
_PROCEDURE = re.compile(
    r"^\s*(?:(?:Public|Private|Friend|Static)\s+)*(?:Sub|Function|Property\s+\w+)\s+\w+", re.M | re.I
)


def modules(project: bytes) -> dict[str, str]:
    """Code of each module by its name, without its attributes.

    Raises
    ------
    ValueError
        Where the project cannot be read.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(project)) as file:
            streams = {part[-1].lower(): part for part in file.listdir()}
            directory = decompress(file.openstream(streams["dir"]).read())
            found = {}
            for name, stream, offset, code_page in _modules(directory):
                data = file.openstream(streams[stream.lower()]).read()[offset:]
                text = decompress(data).decode(f"cp{code_page}", "replace").replace("\r\n", "\n")
                found[name] = _ATTRIBUTE.sub("", text).strip()
            return found
    except (OSError, KeyError, IndexError, LookupError) as error:
        raise ValueError(f"its VBA project cannot be read ({error})") from error


def procedures(code: str) -> set[str]:
    """The procedures in a module: the lines of each that do something, without their indentation."""
    found = set()
    starts = [match.start() for match in _PROCEDURE.finditer(code)]
    for start, end in zip(starts, [*starts[1:], len(code)], strict=True):
        lines = (line.strip() for line in code[start:end].splitlines())
        found.add("\n".join(line for line in lines if line and not line.startswith("'")))
    return found


def _modules(directory: bytes) -> list[tuple[str, str, int, int]]:
    """Name, stream, where its text begins, and the code page, of every module."""
    found: list[tuple[str, str, int, int]] = []
    at, code_page, name, stream = 0, 1252, "", ""
    while at + 6 <= len(directory):
        kind = int.from_bytes(directory[at : at + 2], "little")
        size = int.from_bytes(directory[at + 2 : at + 6], "little")
        data = directory[at + 6 : at + 6 + size]
        at += 6 + size + (2 if kind == _PROJECT_VERSION else 0)
        if kind == _CODE_PAGE:
            code_page = int.from_bytes(data, "little")
        elif kind == _NAME:
            name = data.decode(f"cp{code_page}", "replace")
        elif kind == _STREAM:
            stream = data.decode(f"cp{code_page}", "replace")
        elif kind == _OFFSET:
            found.append((name, stream, int.from_bytes(data, "little"), code_page))
    return found
