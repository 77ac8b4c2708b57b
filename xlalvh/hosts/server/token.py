"""The token that a call must bear."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from xlalvh.hosts.server import private

VARIABLE = "XLALVH_TOKEN"
SHORTEST = 16


class TokenError(Exception):
    """The token cannot be used; the message says why and what to do."""


def read_or_make(path: Path) -> str:
    """The token from the environment, else from its file, which the first start makes.

    Raises
    ------
    TokenError
        Where it is too short to be safe, or the file cannot be read.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return _checked(given.strip(), VARIABLE, "or unset it")
    try:
        found = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        found = secrets.token_urlsafe(32)
        private.write(path, f"{found}\n".encode())
    except (OSError, UnicodeDecodeError) as error:
        raise TokenError(f"the token in {path} cannot be read ({error}); remove the file") from None
    return _checked(found, str(path), "or remove the file")


def borne(header: str | None, token: str) -> bool:
    """Whether an ``Authorization`` header bears the token; takes the same time wherever they differ."""
    return hmac.compare_digest((header or "").encode(), f"Bearer {token}".encode())


def _checked(token: str, where: str, remedy: str) -> str:
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise TokenError(
            f"{where} holds {len(token)} characters; give at least {SHORTEST} printable ASCII ones, no blanks, {remedy}"
        )
    return token
