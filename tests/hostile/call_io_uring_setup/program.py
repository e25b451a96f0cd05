from attack import syscall


def double(x):
    syscall("io_uring_setup", 0, 0, 0, 0, 0)
    return 2 * x
