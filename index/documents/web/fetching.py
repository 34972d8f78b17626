"""Fetches one web address within limits of kind, size and time. Redirects are followed one by one, each checked."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import httpcore
import httpx

from index.documents.web.addresses import check_url
from index.documents.web.connecting import CheckedTransport, Deadline
from index.errors import DocumentError

MAX_BYTES = 20_000_000
TIMEOUT_S = 30.0
MAX_REDIRECTS = 5
_STEP_S = 10.0  # a server that says nothing for so long is given up
_LONGEST_VERSION = 500  # characters; a longer name is cut, and then never matches
_NOT_MODIFIED = 304
_REDIRECTS = {301, 302, 303, 307, 308}
_HEADERS = {
    "User-Agent": "Parley/0.1 (document reader)",
    "Accept": "text/html, application/xhtml+xml, application/pdf, application/rss+xml, application/atom+xml, "
    "text/plain;q=0.8, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_WAYS_OUT = {
    401: "it asks for a password; save it as a file instead",
    403: "the site refuses programs; save the page as a file instead",
    404: "there is nothing at this address; correct it",
    410: "it was taken away for good; leave it out",
    429: "the site asks to come back later",
    451: "it may not be shown here for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. `url` is the address after redirects; `content_type` is lower-case, without parameters.

    `etag` and `modified` are what the server calls this version (RFC 9110, 8.8); empty where it does not say.
    """

    url: str
    content_type: str
    charset: str | None
    data: bytes
    etag: str = ""
    modified: str = ""


def fetch(
    url: str, *, allow_private: bool = False, max_bytes: int = MAX_BYTES, timeout_s: float = TIMEOUT_S
) -> Fetched:
    """What is at `url`. Raises DocumentError for an address that may not be asked, and for all that goes wrong."""
    fetched = fetch_if_changed(url, None, allow_private=allow_private, max_bytes=max_bytes, timeout_s=timeout_s)
    if fetched is None:
        raise DocumentError("the server says that it has not changed without having been asked; try again later")
    return fetched


def fetch_if_changed(
    url: str,
    known: Fetched | None,
    *,
    allow_private: bool = False,
    max_bytes: int = MAX_BYTES,
    timeout_s: float = TIMEOUT_S,
) -> Fetched | None:
    """As `fetch`; None where the server says that it still is as `known`, whose data is not looked at."""
    deadline = Deadline(timeout_s)
    address = check_url(url)
    transport = CheckedTransport(deadline, allow_private=allow_private)
    with httpx.Client(transport=transport, trust_env=False, timeout=_STEP_S, headers=_HEADERS) as client:
        for _ in range(MAX_REDIRECTS + 1):
            try:
                conditions = _conditions(address, known)
                with client.stream("GET", address, headers=conditions) as response:
                    if response.status_code == _NOT_MODIFIED and conditions:
                        return None
                    if response.status_code not in _REDIRECTS:
                        return _fetched(address, response, deadline, max_bytes)
                    address = _next_address(address, response)
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.TimeoutException) as error:
                deadline.remaining()  # if it is over, that is the reason
                raise DocumentError(f"it cannot be fetched: {_reason(error)}") from error
            except httpcore.ProtocolError as error:
                raise DocumentError("it cannot be fetched: the server does not speak HTTP as it should") from error
    raise DocumentError(f"it leads on more than {MAX_REDIRECTS} times; give the address where it ends")


def _conditions(address: str, known: Fetched | None) -> dict[str, str]:
    """Only for the address that gave what is known: another one may use the same words for something else."""
    if known is None or known.url != address:
        return {}
    named = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in named.items() if value}


def _next_address(address: str, response: httpx.Response) -> str:
    target = response.headers.get("location", "")
    if not target:
        raise DocumentError(
            f"the server answers {response.status_code} without saying where to go; correct the address"
        )
    try:
        return check_url(urljoin(address, target))
    except ValueError as error:
        raise DocumentError(
            "it leads to an address that cannot be understood; give the address where it ends"
        ) from error
    except DocumentError as error:
        raise DocumentError(f"it leads to an address that is not read: {error}") from error


def _fetched(address: str, response: httpx.Response, deadline: Deadline, max_bytes: int) -> Fetched:
    status = response.status_code
    if status != 200:
        meaning = _WAYS_OUT.get(status, "try again later" if status >= 500 else "correct the address")
        raise DocumentError(f"the server answers {status}: {meaning}")
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise _too_large(max_bytes)
    data = bytearray()
    for piece in _decoded(response):
        data += piece
        if len(data) > max_bytes:
            raise _too_large(max_bytes)
        deadline.remaining()
    kind, _, parameters = response.headers.get("content-type", "").partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(" \"';") or None
    etag, modified = (response.headers.get(name, "")[:_LONGEST_VERSION] for name in ("etag", "last-modified"))
    return Fetched(address, kind.strip().lower(), charset, bytes(data), etag, modified)


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The body, unpacked in small steps: a few kilobytes can hold a gigabyte of zeros."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise DocumentError(
            f"the server packs its answer as {packing[:20]!r}, which was not asked for; save it as a file"
        )
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    step = 1 << 20
    try:
        for piece in response.iter_raw():
            while piece:
                yield unpacker.decompress(piece, step)
                piece = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as error:
        raise DocumentError("the packed answer of the server is damaged; try again, or save it as a file") from error
    if not unpacker.eof:
        raise DocumentError("the packed answer of the server breaks off; try again, or save it as a file")


def _too_large(max_bytes: int) -> DocumentError:
    return DocumentError(f"it is larger than {max_bytes // 1_000_000} MB; save the part that matters as a file")


def _reason(error: Exception) -> str:
    match error:
        case httpx.TimeoutException() | httpcore.TimeoutException():
            return f"the server said nothing for {_STEP_S:g} seconds; try again later"
        case httpx.TooManyRedirects():
            return "it leads on without end; give the address where it ends"
        case _:
            return f"{str(error)[:150] or type(error).__name__}; check the address and try again"
