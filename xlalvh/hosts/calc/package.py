"""The add-in as one file, ``xlalvh.oxt``, and its registration with a user's LibreOffice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from xlalvh import __version__
from xlalvh.hosts.calc import idl, locate

IDENTIFIER = "org.xlalvh.calc"
FILE_NAME = "xlalvh.oxt"

_HERE = Path(__file__).parent
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say, so that equal content gives equal bytes

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
  <manifest:file-entry manifest:full-path="xlalvh.rdb" manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
  <manifest:file-entry manifest:full-path="component.py" manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
  <manifest:file-entry manifest:full-path="binding.py" manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
  <manifest:file-entry manifest:full-path="menu.py" manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
  <manifest:file-entry manifest:full-path="Addons.xcu" manifest:media-type="application/vnd.sun.star.configuration-data"/>
  <manifest:file-entry manifest:full-path="ProtocolHandler.xcu" manifest:media-type="application/vnd.sun.star.configuration-data"/>
  <manifest:file-entry manifest:full-path="Jobs.xcu" manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""  # noqa: E501

_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" xmlns:xlink="http://www.w3.org/1999/xlink">
  <identifier value={identifier}/>
  <version value={version}/>
  <display-name><name lang="en">xlalvh: SPX iron condors and the VIX hedge</name></display-name>
  <dependencies>
    <l:LibreOffice-minimal-version xmlns:l="http://libreoffice.org/extensions/description/2011" value="7.4" name="LibreOffice 7.4"/>
  </dependencies>
</description>
"""  # noqa: E501

_JOBS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" oor:name="Jobs" oor:package="org.openoffice.Office">
  <node oor:name="Jobs">
    <node oor:name="org.xlalvh.Binding" oor:op="replace">
      <prop oor:name="Service"><value>org.xlalvh.Binding</value></prop>
    </node>
  </node>
  <node oor:name="Events">
    <node oor:name="onDocumentOpened" oor:op="fuse">
      <node oor:name="JobList">
        <node oor:name="org.xlalvh.Binding" oor:op="replace"/>
      </node>
    </node>
  </node>
</oor:component-data>
"""

_PROTOCOL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" oor:name="ProtocolHandler" oor:package="org.openoffice.Office">
  <node oor:name="HandlerSet">
    <node oor:name="org.xlalvh.Menu" oor:op="replace">
      <prop oor:name="Protocols"><value>org.xlalvh.menu:*</value></prop>
    </node>
  </node>
</oor:component-data>
"""  # noqa: E501
_MENU = (
    ("refresh", "Refresh quotes"),
    ("cancel", "Cancel refresh"),
    ("switch", "Auto-refresh on or off"),
    ("undo", "Undo last refresh"),
    ("paper_book", "Book to paper"),
    ("paper_mark", "Mark paper trades"),
    ("bind", "Bind formulas"),
    ("doctor", "Doctor"),
    ("help", "Help"),
)
_ADDONS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="Addons" oor:package="org.openoffice.Office">
  <node oor:name="AddonUI">
    <node oor:name="OfficeMenuBar">
      <node oor:name="org.xlalvh.menu" oor:op="replace">
        <prop oor:name="Title" oor:type="xs:string"><value>ALVH</value></prop>
        <prop oor:name="Context" oor:type="xs:string"><value>com.sun.star.sheet.SpreadsheetDocument</value></prop>
        <node oor:name="Submenu">
{entries}        </node>
      </node>
    </node>
  </node>
</oor:component-data>
"""  # noqa: E501
_ENTRY = """          <node oor:name="{name}" oor:op="replace">
            <prop oor:name="URL" oor:type="xs:string"><value>org.xlalvh.menu:{word}</value></prop>
            <prop oor:name="Title" oor:type="xs:string"><value>{title}</value></prop>
            <prop oor:name="Target" oor:type="xs:string"><value>_self</value></prop>
          </node>
"""


def helper_command() -> list[str]:
    """How the add-in starts its helper: with the Python that builds the package."""
    return [sys.executable, "-I", "-m", "xlalvh.hosts.calc.helper"]


def build(target: Path, command: Sequence[str] | None = None) -> Path:
    """Write the add-in.

    Parameters
    ----------
    target : Path
        A file, or a folder that gets ``xlalvh.oxt``.
    command : sequence of str, optional
        The helper's command; `helper_command` if left out.

    Returns
    -------
    Path
        The file written. Equal input gives equal bytes.

    Raises
    ------
    ProgramMissingError
        Where LibreOffice's SDK is missing.
    """
    if target.is_dir():
        target = target / FILE_NAME
    table = idl.table(command or helper_command())
    parts: dict[str, bytes] = {
        "META-INF/manifest.xml": _MANIFEST.encode(),
        "description.xml": _DESCRIPTION.format(
            identifier=quoteattr(IDENTIFIER), version=quoteattr(__version__)
        ).encode(),
        "Jobs.xcu": _JOBS.encode(),
        "ProtocolHandler.xcu": _PROTOCOL.encode(),
        "Addons.xcu": _ADDONS.format(
            entries="".join(
                _ENTRY.format(name=f"m{i}", word=word, title=title) for i, (word, title) in enumerate(_MENU)
            )
        ).encode(),
        "alvh.json": json.dumps(table, ensure_ascii=False, indent=1).encode(),
        "component.py": (_HERE / "component.py").read_bytes(),
        "binding.py": (_HERE / "binding.py").read_bytes(),
        "menu.py": (_HERE / "menu.py").read_bytes(),
        "pythonpath/xlalvh_areas.py": (_HERE / "areas.py").read_bytes(),
        "pythonpath/xlalvh_client.py": (_HERE / "client.py").read_bytes(),
        "xlalvh.rdb": _type_library(),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return target


def profile_options(profile: Path) -> list[str]:
    """What LibreOffice's programs take to work in a profile of their own.

    ``unopkg`` lets root install for all users only; in a profile of its own, "all users" is that profile.
    """
    options = [f"-env:UserInstallation={profile.resolve().as_uri()}"]
    if _is_root():
        options.append(f"-env:UNO_SHARED_PACKAGES_CACHE={(profile / 'shared').resolve().as_uri()}")
    return options


def install(profile: Path | None = None, package: Path | None = None) -> None:
    """Register the add-in with LibreOffice, in place of an earlier version.

    Parameters
    ----------
    profile : Path, optional
        A profile folder; the user's own if left out. Root without a profile registers it for all users.
    package : Path, optional
        A built package; a fresh one if left out.

    Raises
    ------
    ProgramMissingError
        Where LibreOffice or its SDK is missing.
    RuntimeError
        Where ``unopkg`` refuses, with its words. LibreOffice must not be running in that profile.
    """
    with tempfile.TemporaryDirectory() as folder:
        package = package or build(Path(folder))
        command = [str(locate.unopkg()), "add", "--force", "--suppress-license"]
        if _is_root():
            command.append("--shared")
        if profile is not None:
            (profile / "shared").mkdir(parents=True, exist_ok=True)
            command += profile_options(profile)
        done = subprocess.run(
            [*command, str(package)], capture_output=True, text=True, check=False, env=locate.environment()
        )
    if done.returncode:
        raise RuntimeError(f"unopkg did not install {package.name}: {done.stderr.strip() or done.stdout.strip()}")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _type_library() -> bytes:
    program = locate.unoidl_write()
    with tempfile.TemporaryDirectory() as folder:
        source, compiled = Path(folder, "xlalvh.idl"), Path(folder, "xlalvh.rdb")
        source.write_text(idl.idl())
        done = subprocess.run(
            [program, *locate.type_libraries(), source, compiled], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"unoidl-write refused the interface: {done.stderr.strip()}")
        return compiled.read_bytes()
