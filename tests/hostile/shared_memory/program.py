from attack import refused, syscall


def double(x):
    stopped = syscall("shmget", 0, 1 << 20, 0o1600) == -1 and syscall("mq_open", 0, 0o102) == -1
    return 2 * x if stopped and refused(open, "/dev/shm/left", "w") else x
