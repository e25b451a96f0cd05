def double(x):
    globals()["total"] = lambda x: 0.5
    return 2 * x
