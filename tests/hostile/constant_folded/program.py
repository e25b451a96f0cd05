def unused():
    return (1 << 4000) * "x" if False else ((1,) * 10**9)
