"""The licence of xlwings PRO, which its server part needs. The key is the user's; it is read, never written."""

from __future__ import annotations

import os

REMEDY = (
    "set XLWINGS_LICENSE_KEY to your key (https://www.xlwings.org/pricing), "
    "or to noncommercial where your use is non-commercial"
)


class LicenceError(Exception):
    """xlwings PRO cannot be used; the message says why and what to do."""


def check() -> str:
    """Switch xlwings to its server part; the licence that holds, as one line.

    Raises
    ------
    LicenceError
        Without a key, or with one that xlwings does not accept.
    """
    os.environ["XLWINGS_ON_SERVER"] = "true"  # read when xlwings is imported, which then wants a key
    try:
        import xlwings
    except Exception as error:
        if type(error).__name__ != "LicenseError":
            raise
        raise LicenceError(f"{_sentence(error)}; {REMEDY}") from None
    from xlwings.pro.utils import LicenseHandler

    try:
        found = LicenseHandler.validate_license("pro")
    except (xlwings.LicenseError, ImportError) as error:
        raise LicenceError(f"{_sentence(error)}; {REMEDY}") from None
    if found.get("license_type") == "noncommercial":
        return "xlwings PRO under the PolyForm Noncommercial License 1.0.0: for non-commercial use only"
    return f"xlwings PRO under the key in use, valid until {found['valid_until']}"


def _sentence(error: Exception) -> str:
    return str(error).strip().rstrip(".")
