def double(x):
    print("x" * 10_000)
    return 2 * x
