from attack import syscall


def double(x):
    syscall("clock_settime", 0, 0, 0, 0, 0)
    return 2 * x
