"""A certificate for this machine's own name, made where the user has none."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from xlalvh.hosts.server import private

LIFE = dt.timedelta(days=820)  # Apple's systems trust none that lasts longer than 825
RENEW = dt.timedelta(days=30)
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def read_or_make(folder: Path, host: str, now: dt.datetime) -> tuple[Path, Path]:
    """The files of a self-made certificate for `host` and of its key; made anew where they are missing, were made for
    another host, or end within 30 days of `now`."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (key.is_file() and _good(certificate, host, now)):
        _make(certificate, key, host, now)
    return certificate, key


def names(host: str) -> list[str]:
    """The names that a certificate for `host` must bear: all of this machine's own, or that one."""
    return list(LOOPBACK) if host in LOOPBACK else [host]


def _good(path: Path, host: str, now: dt.datetime) -> bool:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        borne = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return borne == _alternative(host) and found.not_valid_before_utc <= now < found.not_valid_after_utc - RENEW


def _make(certificate: Path, key: Path, host: str, now: dt.datetime) -> None:
    private_key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"xlalvh on {host}"[:64])])
    public = private_key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(_alternative(host), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(private_key, hashes.SHA256())
    )
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private.write(key, pem)
    private.write(certificate, made.public_bytes(serialization.Encoding.PEM))


def _alternative(host: str) -> x509.SubjectAlternativeName:
    found: list[x509.GeneralName] = []
    for name in names(host):
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            found.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(found)
