import numpy as np

np.seterr(all="raise")
np.errstate(all="raise").__enter__()
