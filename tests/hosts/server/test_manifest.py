"""The manifest: whole, for the address, and everything that it names is served."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.hosts.server.conftest import Served
from xlalvh.hosts.server.manifest import manifest

OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
BASIC = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"


def test_every_resource_that_is_named_is_there_once() -> None:
    root = ElementTree.fromstring(manifest("https://localhost:8644"))
    named = {e.attrib["resid"] for e in root.iter() if "resid" in e.attrib}
    given = [e.attrib["id"] for kind in ("Image", "Url", "String") for e in root.iter(BASIC + kind) if "id" in e.attrib]
    assert sorted(given) == sorted(named)
    assert all(len(name) <= 32 for name in named)  # Office's limit


def test_formulas_keep_their_plain_names() -> None:
    root = ElementTree.fromstring(manifest("https://localhost:8644"))
    point = next(e for e in root.iter(OVERRIDES + "ExtensionPoint") if "CustomFunctions" in str(e.attrib))
    assert [child.tag.removeprefix(OVERRIDES) for child in point] == ["Script", "Page", "Metadata"]  # no Namespace


def test_an_address_has_one_id() -> None:
    ids = [re.search("<Id>(.*)</Id>", manifest(a))[1] for a in ("https://a:1", "https://a:1", "https://b:1")]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("kind", ["png", "html", "js", "json"])
def test_what_it_names_is_served(served: Served, kind: str) -> None:
    text = (served.home / "serve" / "manifest.xml").read_text()
    found = [urlsplit(url) for url in re.findall(r'DefaultValue="(https?://[^"]+)"', text)]
    assert {(url.scheme, url.netloc) for url in found} == {("https", f"localhost:{served.port}")}
    paths = {url.path for url in found if url.path.endswith(f".{kind}")}
    assert paths
    types = {"png": "image/png", "html": "text/html", "js": "text/javascript", "json": "application/json"}
    for path in paths:
        status, body, headers = served.get(path)
        assert (status, headers["Content-Type"].split(";")[0]) == (200, types[kind])
        assert body
    if kind == "html":
        sources = re.findall(r'<script src="([^"]+)"', body.decode())
        assert sources[0].startswith("https://appsforoffice.microsoft.com/")  # Office's own library comes first
        assert all(served.get(f"/{path}")[0] == 200 for path in sources[1:])
    if kind == "png":
        sizes = {int(re.search(r"\d+", p)[0]): served.get(p)[1][16:24] for p in paths}
        assert all(head == n.to_bytes(4) * 2 for n, head in sizes.items())
