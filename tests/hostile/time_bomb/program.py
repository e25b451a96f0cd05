calls = []


def double(x):
    calls.append(x)
    return 2 * x


def total(x):
    while calls:
        pass
    return x.sum()
