from attack import syscall


def double(x):
    syscall("open_tree", 0, 0, 0, 0, 0)
    return 2 * x
