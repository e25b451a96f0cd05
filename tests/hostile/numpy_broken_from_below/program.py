import ctypes

import numpy as np

ctypes.memset(id(np.ndarray), 0, 64)
ctypes.memset(id(dict), 0, 64)
