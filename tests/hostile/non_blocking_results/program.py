import os

os.set_blocking(4, False)
