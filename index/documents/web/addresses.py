"""Which web addresses may be asked at all: http and https, and no host of this machine or of a private network.

An address that a user or a feed names is untrusted: behind it may be the router, a database without a password or the
cloud's metadata service. Names are therefore checked by what they resolve to, at the moment of connecting.
"""

import ipaddress
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from index.errors import DocumentError

LONGEST_URL = 2_000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|yclid|igshid")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Public by their number, but answered by the cloud that the machine runs in: Azure's and Oracle's metadata.
_METADATA = {ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("192.0.0.192")}
# Ranges whose addresses carry an IPv4 address: the address inside counts as well.
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.ip_network("::/96")


def is_url(place: str) -> bool:
    """Whether this names something on the web and not a file; also for schemes that will be refused."""
    scheme = _SCHEME.match(place)
    if _WEB.match(place):
        return True
    return bool(scheme and len(scheme.group(1)) > 1 and place[scheme.end() :].startswith("//"))


def check_url(url: str) -> str:
    """The address in the form in which it is known: lower-case host, no fragment, no tracking parameters.

    Raises DocumentError for one that may not be asked. What its host resolves to is checked later.
    """
    if len(url) > LONGEST_URL:
        raise DocumentError(f"the address has {len(url)} characters; use one of at most {LONGEST_URL}")
    if _UNSAFE.search(url):
        raise DocumentError("the address holds a space, a backslash or a control character; write it percent-encoded")
    scheme = _SCHEME.match(url)
    if not _WEB.match(url):
        shown = f"{scheme.group(1)}:" if scheme else url[:40]
        raise DocumentError(f"{shown} is not a web address; only http:// and https:// are read")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise DocumentError(f"the address cannot be understood ({error}); correct its host and port") from error
    if "@" in parts.netloc:
        raise DocumentError("the address holds a user name or password; give an address that needs none")
    if not host or "%" in host:
        raise DocumentError("the address names no host that can be looked up; correct it")
    if port == 0:
        raise DocumentError("port 0 cannot be asked; correct the address")
    name = f"[{host}]" if ":" in host else _ascii_host(host)
    place = name if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", _without_tracking(parts.query), ""))


def check_address(host: str, address: str, *, allow_private: bool) -> None:
    """Raises DocumentError unless the internet address that `host` resolved to is a public one."""
    if allow_private:
        return
    number = ipaddress.ip_address(address.partition("%")[0])
    if not all(_is_public(each) for each in (number, *_inside(number))):
        shown = address if host == address else f"{host}, which leads to {address},"
        raise DocumentError(
            f"{shown} is on this machine or a private network, which is not read; "
            "set PARLEY_ALLOW_PRIVATE_URLS=1 if that is meant"
        )


def _is_public(number: _IPAddress) -> bool:
    return number.is_global and not (number.is_multicast or number.is_reserved) and number not in _METADATA


def _inside(number: _IPAddress) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address stands for."""
    if isinstance(number, ipaddress.IPv4Address):
        return []
    found = [number.ipv4_mapped, number.sixtofour, *(number.teredo or ())]
    if any(number in network for network in (*_NAT64, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _ascii_host(host: str) -> str:
    try:
        return host.encode("ascii").decode().lower()
    except UnicodeEncodeError:
        pass
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError as error:
        raise DocumentError(f"the host {host[:80]!r} is not a name that can be looked up; correct it") from error


def _without_tracking(query: str) -> str:
    """The query as it is, unless parameters that only follow readers around have to go."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)
