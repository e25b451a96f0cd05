import os


def double(x):
    while True:
        os.write(1, b"x" * 100)
        os.write(2, b"x" * 100)
