import os


def double(x):
    os.write(4, os.urandom(1000))
