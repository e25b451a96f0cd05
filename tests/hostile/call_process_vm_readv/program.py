from attack import syscall


def double(x):
    syscall("process_vm_readv", 0, 0, 0, 0, 0)
    return 2 * x
