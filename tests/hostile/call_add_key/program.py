from attack import syscall


def double(x):
    syscall("add_key", 0, 0, 0, 0, 0)
    return 2 * x
