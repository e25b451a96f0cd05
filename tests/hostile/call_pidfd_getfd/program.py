from attack import syscall


def double(x):
    syscall("pidfd_getfd", 0, 0, 0, 0, 0)
    return 2 * x
