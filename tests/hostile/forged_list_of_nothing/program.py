import os
import struct

from attack import ANSWER, END, array, frame, values

N = 100_000


def double(x):
    listed = struct.pack("<BI", 9, N) + bytes(N)
    message = frame(0, ANSWER, values(listed, array((4, 3), x.tobytes()))) + frame(2, END)
    while message:
        message = message[os.write(4, message) :]
    os._exit(0)
