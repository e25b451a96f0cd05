import mmap

from attack import refused

MAP_LOCKED = 0x2000


def double(x):
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_LOCKED
    return 2 * x if refused(mmap.mmap, -1, 1 << 14, flags) else x
