import os
import struct

from attack import ANSWER, frame


def double(x):
    os.write(4, frame(0, ANSWER, struct.pack("<BI", 9, 1) * 1000))
