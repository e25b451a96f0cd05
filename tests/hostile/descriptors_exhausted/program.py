def double(x):
    return [open("/dev/null") for _ in range(1000)]
