"""Which addresses of the network may be asked when somebody outside chose the address (OWASP: SSRF)."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052 §2.1: an IPv4 address in its last 32 bits."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet: not to this machine, its network, or a special use.

    Addresses that wrap an IPv4 address (mapped, NAT64, 6to4, Teredo) are judged by what they wrap as well.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not parsed.is_global or parsed.is_multicast:
        return False
    return all(is_public(str(inner)) for inner in _wrapped(parsed))


def _wrapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def is_private_literal(url: str) -> bool:
    """Whether the URL's host is written as an address that is not public; a name is judged when it is resolved.

    Numbers in all spellings that resolvers take are read: `127.1`, `0x7f000001`, `2130706433`.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not is_public(str(ipaddress.ip_address(host.partition("%")[0])))
    except ValueError:
        pass
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return False
