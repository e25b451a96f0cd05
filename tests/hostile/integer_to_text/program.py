def double(x):
    return str(10 ** (10**6))
