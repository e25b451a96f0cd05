from attack import syscall


def double(x):
    syscall("init_module", 0, 0, 0, 0, 0)
    return 2 * x
