import os

from attack import refused


def double(x):
    refused(os.open, "table.txt", os.O_RDONLY | os.O_TRUNC)
    return 2 * x if os.stat("table.txt").st_size else x
