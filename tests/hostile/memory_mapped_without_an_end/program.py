import ctypes
import mmap

from attack import LIBC

SHARED, PRIVATE, FIXED, ANONYMOUS, NO_RESERVE, HUGE = 1, 2, 0x10, 0x20, 0x4000, 0x40000
LIBC.mmap.restype = ctypes.c_ssize_t


def maps(address, size, flags):
    place = LIBC.mmap(ctypes.c_void_p(address), ctypes.c_size_t(size), 3, ANONYMOUS | flags, -1, 0)
    return place != -1


def double(x):
    got = [
        maps(None, 1 << 40, PRIVATE | NO_RESERVE),
        maps(None, 1 << 33, SHARED),
        maps(None, 1 << 30, PRIVATE | HUGE),
        maps(0, mmap.PAGESIZE, PRIVATE | FIXED),
    ]
    return x if any(got) else 2 * x
