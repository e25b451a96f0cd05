import socket

from attack import refused


def double(x):
    return 2 * x if refused(listen) else x


def listen():
    with socket.socket(socket.AF_INET) as server:
        server.bind(("127.0.0.1", 0))
