import os

from attack import END, LOADED, frame, text, values

notes = values(*[text("\x1b[2J" + "x" * 60_000)] * 16)
os.write(4, frame(1, LOADED, values(notes, values())) + frame(1, END))
os._exit(0)
