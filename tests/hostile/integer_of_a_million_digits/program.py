def double(x):
    return 10 ** (10**6)
