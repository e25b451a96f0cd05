"""The web process: waitress on a socket of its own, or on the one that the supervisor holds.

Run as `python -m grader.service.web [--descriptor N]`.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Sequence
from types import FrameType

import structlog
from waitress.server import create_server  # type: ignore[import-untyped]

from grader.errors import GraderError
from grader.logs import configure_logs
from grader.service.ports import listen
from grader.settings import Settings, load_settings
from grader.web import create_app

_MOST_CONNECTIONS = 2000
"""Open at once; those beyond the threads wait for their turn."""
_MOST_BODY_BYTES = 64 << 20
"""Above what any view takes: those say in their own words how much is too much."""
_IDLE_S = 120


def serve(settings: Settings, listening: socket.socket) -> None:
    """Answer requests until SIGTERM, then finish those that are being answered."""
    app = create_app(settings)
    server = create_server(
        app,
        sockets=[listening],
        threads=settings.web_threads,
        connection_limit=_MOST_CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at descriptor 1024
        channel_timeout=_IDLE_S,
        ident="",
        # The application counts the proxies and reads these; without proxies it ignores them.
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        max_request_body_size=_MOST_BODY_BYTES,
    )
    signal.signal(signal.SIGTERM, _end)
    structlog.get_logger().info("listening", address=listening.getsockname()[:2])
    server.run()
    server.close()


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit


def main(arguments: Sequence[str]) -> int:
    """Serve; one line and a status of its own for what an operator must mend."""
    parser = argparse.ArgumentParser(prog="python -m grader.service.web")
    parser.add_argument("--descriptor", type=int, help="a listening socket that is inherited")
    wanted = parser.parse_args(arguments)
    try:
        settings = load_settings()
        configure_logs(settings.log_format, process="web")
        if wanted.descriptor is None:
            listening = listen(settings.bind_host, settings.port)
        else:
            listening = socket.socket(fileno=wanted.descriptor)
        with listening:
            serve(settings, listening)
    except GraderError as error:
        sys.stderr.write(f"grader: web: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
