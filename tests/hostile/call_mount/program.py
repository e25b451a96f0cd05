from attack import syscall


def double(x):
    syscall("mount", 0, 0, 0, 0, 0)
    return 2 * x
