from attack import syscall

KEY = 0x67726165


def tell():
    syscall("shmget", KEY, 4096, 0o1666)


def hear():
    return syscall("shmget", KEY, 4096, 0) != -1
