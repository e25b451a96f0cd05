"""The web service of a test in a thread of its own, whose network can be cut at will."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from structlog.testing import capture_logs
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.world import World

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: a test reads stderr."""


@dataclass
class Network:
    """What is between the student and the server."""

    world: World
    url: str = ""
    lost_requests: int = 0
    """So many uploads do not arrive."""
    lost_answers: int = 0
    """So many uploads arrive, and their answers do not."""
    lost_looks: int = 0
    """So many questions after a submission are cut."""
    looks_until: Callable[[], None] | None = None
    """Happens once the student has seen the submission wait."""
    seen: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.seen.append(f"{method} {path}")
        is_upload = method == "POST"
        is_look = "/api/v1/submissions/" in path and not path.endswith("/results")
        if is_upload and self.lost_requests:
            self.lost_requests -= 1
            return _cut(environ)
        if is_look and self.lost_looks:
            self.lost_looks -= 1
            return _cut(environ)
        answer = list(self.world.app.wsgi_app(environ, start_response))
        if is_upload and self.lost_answers:
            self.lost_answers -= 1
            return _cut(environ)
        if is_look and self.looks_until:
            happen, self.looks_until = self.looks_until, None
            happen()
        return answer


def _cut(environ: dict[str, Any]) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return []


@contextmanager
def served(world: World) -> Iterator[Network]:
    """Yield a site that listens on this machine."""
    network = Network(world)
    # What the server logs is not what the student reads.
    with capture_logs(), serving(network) as network.url:
        yield network


@contextmanager
def serving(app: Wsgi) -> Iterator[str]:
    """Yield the address of an application that listens on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
