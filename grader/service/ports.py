"""The socket that the service listens on, and ports that are free."""

from __future__ import annotations

import errno
import socket

from grader.errors import ConfigurationError, UsageError

_BACKLOG = 1024
_PORTS_TO_TRY = 200
_FIRST_OPEN_PORT, _LAST_PORT = 1024, 65535
_TAKEN = (errno.EADDRINUSE, errno.EACCES, errno.EPERM)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 is any that is free.

    The supervisor keeps it open while web processes come and go: who connects in between waits.

    Raises
    ------
    UsageError
        Where the port is in use or not this user's, or the address is not this machine's.
    """
    try:
        return _bind(host, port)
    except OSError as error:
        raise _explain(error, host, port) from error


def find_port(host: str, first: int) -> int:
    """Return `first`, or the next port after it on which nobody listens.

    Raises
    ------
    UsageError
        Where the address is not this machine's.
    ConfigurationError
        Where none of the next two hundred is free.
    """
    for port in range(first, min(first + _PORTS_TO_TRY, _LAST_PORT + 1)):
        try:
            _bind(host, port).close()
        except OSError as error:
            if error.errno not in _TAKEN:
                raise _explain(error, host, port) from error
        else:
            return port
    raise ConfigurationError(
        f"no port from {first} on is free on {host}", remedy="choose another range with GRADER_PORT"
    )


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (UnicodeError, OverflowError) as error:
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _explain(error: OSError, host: str, port: int) -> UsageError:
    if isinstance(error, socket.gaierror):
        return UsageError(f"{host!r} is no address", remedy="give for example --host 127.0.0.1")
    if error.errno == errno.EADDRINUSE:
        other = find_port(host, port + 1 if port < _LAST_PORT else _FIRST_OPEN_PORT)
        return UsageError(
            f"port {port} on {host} is in use",
            remedy=f"stop what listens there, or choose a free one: --port {other}",
        )
    if error.errno in _TAKEN:
        return UsageError(
            f"port {port} is not open to this user",
            remedy=f"choose one from {_FIRST_OPEN_PORT} on with --port",
        )
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return UsageError(
            f"{host} is not an address of this machine",
            remedy="give --host 127.0.0.1, or 0.0.0.0 for all of its addresses",
        )
    return UsageError(f"cannot listen on {host} port {port}: {error.strerror}")
