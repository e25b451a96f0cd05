import os
import struct

from attack import ANSWER, END, array, frame, values


def double(x):
    raw = b"\xff\xfe" * 10
    os.write(4, frame(0, ANSWER, values(struct.pack("<BI", 8, len(raw)) + raw, array((4, 3), x.tobytes()))) + frame(2, END))
    os._exit(0)
