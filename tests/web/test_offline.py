"""Starting, building the index, serving the page and answering ask nothing of the network.

Python's audit events see every connection, look-up and datagram that Python code makes; a hook installed before the
application is imported writes down and refuses whatever is not for this machine. (What the browser asks for is watched
in test_page.)
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from library import write_library
from serving import ROOT, free_port, wait_for

_HOOK = """
import os
import sys

LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}


def deny(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOCAL:
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{event} {arguments}\\n")
        raise OSError("the network is switched off")


sys.addaudithook(deny)
with open(os.environ["NETWORK_LOG"], "a") as log:
    log.write("watching\\n")
"""


def test_no_process_of_the_server_calls_the_network(tmp_path: Path) -> None:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(_HOOK)
    write_library(tmp_path / "seeds")
    log = tmp_path / "network.log"
    port = free_port()
    unwanted = ("PARLEY_", "HF_", "GRADIO_", "ANONYMIZED_", "DO_NOT_TRACK")
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(unwanted)},
        "PARLEY_HOME": str(tmp_path / "home"),
        "PARLEY_SEEDS": str(tmp_path / "seeds"),
        "PYTHONPATH": str(tmp_path / "hook"),
        "NETWORK_LOG": str(log),
    }
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/readyz")
        assert httpx.get(f"{url}/", timeout=30).status_code == 200
        assert httpx.post(f"{url}/api/ask", json={"question": "Who is the mediator?"}, timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
    finally:
        try:
            process.communicate(timeout=15)
        finally:
            process.kill()
    lines = log.read_text().splitlines()
    assert "watching" in lines
    assert [line for line in lines if line != "watching"] == []


def test_the_hook_would_notice(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_HOOK)
    log = tmp_path / "network.log"
    variables = {**os.environ, "PYTHONPATH": str(tmp_path), "NETWORK_LOG": str(log)}
    program = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    assert subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, check=False).returncode
    assert "192.0.2.1" in log.read_text()
