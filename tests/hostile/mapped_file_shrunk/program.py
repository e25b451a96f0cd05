import mmap
import os


def double(x):
    with open("/tmp/shrunk", "w+b") as file:
        os.ftruncate(file.fileno(), 1 << 16)
        pages = mmap.mmap(file.fileno(), 1 << 16)
        os.ftruncate(file.fileno(), 0)
    return pages[0]
