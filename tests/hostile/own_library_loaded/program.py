import ctypes
import mmap

from attack import refused


def double(x):
    try:
        with open("/tmp/own.so", "wb") as file:
            file.write(open(ctypes.util.__file__, "rb").read() if hasattr(ctypes, "util") else b"x")
    except OSError:
        return 2 * x
    with open("/tmp/own.so", "r+b") as file:
        if not refused(mmap.mmap, file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC):
            return x
    return 2 * x if refused(ctypes.CDLL, "/tmp/own.so") else x
