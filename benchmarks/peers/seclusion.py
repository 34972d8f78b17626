"""Keeps a process off the network: telemetry and model hubs are switched off, and Python's sockets refuse the rest."""

import ipaddress
import os
import socket
import sys

from index.offline import silence_telemetry

_SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}


class SecludedError(OSError):
    """Something tried to reach the network."""


def seclude() -> list[str]:
    """From here on no Python socket leaves this machine. The list returned grows by each address that was tried.

    Call it before the libraries are imported. Native code that opens sockets of its own is not seen.
    """
    silence_telemetry()
    os.environ.update(_SWITCHES)
    tried: list[str] = []

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        host = _host(event, arguments)
        if host is not None and not _is_here(host):
            tried.append(host)
            raise SecludedError(f"{host} is on the network, and this process is kept off it")

    sys.addaudithook(refuse)
    return tried


def _host(event: str, arguments: tuple[object, ...]) -> str | None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
        return host.decode() if isinstance(host, bytes) else host
    if event == "socket.connect" and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
        return arguments[1][0]
    return None


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
