import os
import struct

from attack import ANSWER, END, frame, values


def double(x):
    flat = struct.pack("<BB40Q", 1, 40, *[1] * 40) + struct.pack("<d", 1.0)
    os.write(4, frame(0, ANSWER, values(flat, flat)) + frame(2, END))
    os._exit(0)
