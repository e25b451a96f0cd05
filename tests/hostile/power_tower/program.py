def double(x):
    return 3 ** (10**8)
