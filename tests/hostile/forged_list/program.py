import os
import struct

from attack import ANSWER, END, frame


def double(x):
    os.write(4, frame(0, ANSWER, struct.pack("<BI", 9, 2**32 - 1)) + frame(2, END))
    os._exit(0)
