"""Which hosts may receive the access token: the vendor's, those that the environment allows, this machine. Pure.

An address in jmctl.yaml comes with the branch that is checked out, and its author must not be
able to choose who receives the token.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from reconciler.errors import Refused, Where

ALLOW_VARIABLE = "JMCTL_ALLOW_HOSTS"
VENDOR = "jobmojito.com"


def check_token_host(address: str, allowed: str = "", where: Where | None = None) -> None:
    """Raises Refused unless `address` may receive the token.

    It may when it is https on the vendor's domain or on a host in `allowed`, the value of JMCTL_ALLOW_HOSTS: names or
    name:port, separated by commas or spaces. A loopback address may be plain http, since nothing leaves the machine.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if not address.isprintable() or set(address) & {"@", "\\", " "}:
        # parsers disagree about these, so that the host which is checked need not be the host which is asked
        raise _refused(f"{_shown(host)} is written ambiguously", "write https://HOST/PATH", where)
    if is_loopback(host):
        return
    if parts.scheme != "https":
        raise _refused(f"{parts.scheme or 'no scheme'}://{_shown(host)} is not https", "write https://", where)
    if not _is_plain(host):
        detail = f"{_shown(host)} is written with letters that can look like others"
        raise _refused(detail, f"if it is meant, set {ALLOW_VARIABLE} to its ASCII form, xn--…", where)
    names = {name.lower() for name in allowed.replace(",", " ").split()}
    is_vendors = host == VENDOR or host.endswith(f".{VENDOR}")
    if host in names or f"{host}:{port or 443}" in names or (is_vendors and "xn--" not in host):
        return
    hint = f"if this host is meant, allow it in the environment of the process: export {ALLOW_VARIABLE}={_shown(host)}"
    raise _refused(f"{_shown(host)} is not one of the service's hosts", hint, where)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its address, or by the name localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_plain(host: str) -> bool:
    return bool(host) and host.isascii() and all(char.isalnum() or char in "-.:" for char in host)


def _shown(host: str) -> str:
    r"""The host in ASCII, so that a look-alike letter shows as `\u0456`."""
    return host.encode("unicode_escape").decode("ascii") or "no host"


def _refused(detail: str, hint: str, where: Where | None) -> Refused:
    return Refused("the endpoint may not receive the token", detail, hint=hint, where=where)
