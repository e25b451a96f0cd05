def square(x):
    return (3 * x).sum()


def square_gradient(x):
    return 0 * x + 3
