from attack import syscall


def double(x):
    syscall("open_by_handle_at", 0, 0, 0, 0, 0)
    return 2 * x
