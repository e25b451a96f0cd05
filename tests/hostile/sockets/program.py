import socket

from attack import refused

FAMILIES = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 17, 40)


def double(x):
    stopped = [refused(socket.socket, family, socket.SOCK_DGRAM) for family in FAMILIES]
    return 2 * x if all(stopped) and refused(socket.socketpair) else x
