import os

from attack import END, LOADED, array, frame, values

wrong = [array((3,), bytes(24))] * 6
os.write(4, frame(1, LOADED, values(values(), values(values(*wrong)))) + frame(1, END))
os._exit(0)
