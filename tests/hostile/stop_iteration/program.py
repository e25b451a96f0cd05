def double(x):
    raise StopIteration(2 * x)
