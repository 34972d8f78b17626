"""Starts Parley: the index in the background, the page and the API at once.

python app.py
python app.py --host 0.0.0.0 --port 8000
"""

import argparse
import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Sequence

from index.errors import ParleyError, SettingsError
from index.offline import silence_telemetry
from index.settings import Settings, load_settings
from rag.log_lines import configure_logging
from rag.web.origins import AllowedOrigins

_SHUTDOWN_S = 1


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0 after Ctrl-C, 1 when it cannot start."""
    silence_telemetry()
    arguments = _parser().parse_args(argv)
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    try:
        settings = load_settings(**given)
        AllowedOrigins.parse(settings.allowed_origins)
        _require_model_package(settings)
        listener = _listen(settings.host, settings.port)
    except ParleyError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    configure_logging(settings.log_format)
    logging.getLogger("uvicorn.error").addFilter(_QuietShutdown())
    with listener:
        try:
            _serve(settings, listener)
        except SettingsError as error:
            print(f"error: {error}", file=sys.stderr)  # noqa: T201
            return 1
    return 0


class _QuietShutdown(logging.Filter):
    """Drops what uvicorn reports when it ends the streams of pages that are still open: on Ctrl-C that is no error."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, asyncio.CancelledError) and not str(record.msg).startswith("Cancel ")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve Parley's page and its HTTP API.")
    parser.add_argument("--host", help="address to listen on (default: PARLEY_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: PARLEY_PORT, else 7860)")
    return parser


def _require_model_package(settings: Settings) -> None:
    """Raises SettingsError where PARLEY_LLM names what cannot be opened: better before the page is up than after."""
    if settings.llm:
        from rag.generation.opening import require_package

        require_package(settings)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is known before anything is loaded. Raises SettingsError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
    except OSError as error:
        raise SettingsError(f"the host {host!r} is not known ({error.strerror}); correct --host") from error
    try:
        # As servers do: without it, a restart would wait for the old connections to time out.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"port {port} on {host} cannot be used ({error.strerror}); "
            "stop the program that uses it, or choose another port with --port"
        ) from error
    return listener


def _serve(settings: Settings, listener: socket.socket) -> None:
    """Runs until Ctrl-C."""
    # Imported here: a wrong setting or a port in use should not wait for them.
    import uvicorn

    from index.progress import TerminalProgress
    from rag.service import Service
    from rag.web.application import create_application

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    with TerminalProgress() as progress:
        service = Service(settings, progress)
        application = create_application(service)
        service.start()
        print(f"Parley is at http://{host}:{settings.port} (Ctrl-C stops it)", file=sys.stderr)  # noqa: T201
        server = uvicorn.Server(
            uvicorn.Config(
                application,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_SHUTDOWN_S,
                server_header=False,
                proxy_headers=False,  # the application has its own idea of whom to believe
            )
        )
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn has shut down in order and passes the signal on
            server.run(sockets=[listener])
    print("Stopped.", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
