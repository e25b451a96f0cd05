import tempfile

from attack import refused


def double(x):
    return 2 * x if refused(write) else x


def write():
    with open(f"{tempfile.gettempdir()}/large", "wb", buffering=0) as file:
        file.write(bytes(1 << 20))
        file.write(bytes(1 << 20))
