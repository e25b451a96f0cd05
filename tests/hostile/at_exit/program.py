import atexit
import os


class Last:
    def __del__(self):
        os.write(4, b"x")


kept = Last()
atexit.register(lambda: os.write(4, b"GRD1" * 100))
