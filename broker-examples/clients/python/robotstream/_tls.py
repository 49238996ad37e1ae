"""Whom a client takes for the robot on ``wss``."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import ssl
from pathlib import Path
from typing import Optional, Union


def context(ca_file: Optional[Union[str, "os.PathLike[str]"]], pinned: Optional[str]) -> ssl.SSLContext:
    """The settings of TLS: a file of certificates to trust, one certificate alone, or what the system trusts.

    Args:
        ca_file: a PEM file; a self-signed certificate of the robot's is one, and the name in it is checked.
        pinned: a PEM file of the robot's certificate, or the SHA-256 of its DER form in hex, with colons or without.
            The name and the dates in it do not matter then.

    Raises:
        ValueError: both were given, or the pin is neither.
    """
    if pinned is None:
        return ssl.create_default_context(cafile=None if ca_file is None else os.fspath(ca_file))
    if ca_file is not None:
        raise ValueError("ca_file and pinned contradict each other: give one of them")
    settings = ssl.create_default_context()
    settings.check_hostname = False
    settings.verify_mode = ssl.CERT_NONE  # what it would verify, _Pinned does
    settings.sslobject_class = _pinned_to(_fingerprint(pinned))
    return settings


def _fingerprint(pinned: str) -> bytes:
    digits = pinned.replace(":", "")
    if re.fullmatch(r"[0-9a-fA-F]{64}", digits):
        return bytes.fromhex(digits)
    pem = Path(pinned).read_text("ascii")
    first = re.search("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", pem, re.DOTALL)
    if first is None:
        raise ValueError(f"{pinned} has no certificate in PEM form, and is no SHA-256 in hex")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first.group())).digest()


def _pinned_to(expected: bytes) -> "type[ssl.SSLObject]":
    class Pinned(ssl.SSLObject):
        """Ends the handshake with another certificate before anything is sent: the token goes to the robot alone."""

        def do_handshake(self) -> None:
            super().do_handshake()
            certificate = self.getpeercert(binary_form=True) or b""
            if not hmac.compare_digest(hashlib.sha256(certificate).digest(), expected):
                raise ssl.SSLCertVerificationError("the certificate is not the pinned one")

    return Pinned
