import os
import time


def double(x):
    os.close(4)
    time.sleep(3600)
