import ctypes
import mmap

from attack import refused


def double(x):
    try:
        with open("/tmp/own.so", "wb") as file:
            file.write(bytes(4096))
    except OSError:
        return 2 * x
    with open("/tmp/own.so", "r+b") as file:
        runnable = mmap.PROT_READ | mmap.PROT_EXEC
        stopped = refused(mmap.mmap, file.fileno(), 4096, mmap.MAP_PRIVATE, runnable)
    return 2 * x if stopped and refused(ctypes.CDLL, "/tmp/own.so") else x
