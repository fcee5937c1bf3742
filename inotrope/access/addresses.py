"""Addresses of machines as they are told: one written form of each, without the port that some proxies put behind it.

Knows that a machine of the older kind is told as `::ffff:10.0.0.5` where a server listens on the newer kind too: it is
10.0.0.5, and no other machine's like. It believes nobody's word; whose word counts stands in `web/guard/proxy.py`.
"""

from __future__ import annotations

import ipaddress
import re

_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[0-9.]+))(?::[0-9]{1,5})?")
_NETWORK = 64
"""Bits of an IPv6 address that one machine is given: whoever has one has all that begin so."""
Found = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_machine(told: str) -> Found | None:
    """Return an address; None for what is none."""
    matched = _WITH_PORT.fullmatch(told)
    plain = told if matched is None else matched["six"] or matched["four"]
    try:
        found = ipaddress.ip_address(plain)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def one_form(told: str) -> str:
    """Return an address in its one written form; what is none as it stands."""
    found = read_machine(told)
    return told if found is None else str(found)


def network(address: str) -> str:
    """Return what one machine may have of an address; what is none counts as one."""
    found = read_machine(address)
    if found is None:
        return "no address"
    if found.version == 6:  # noqa: PLR2004 - its name
        return str(ipaddress.ip_network((found, _NETWORK), strict=False))
    return str(found)
