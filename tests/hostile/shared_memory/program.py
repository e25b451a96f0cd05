import ctypes

from attack import refused, syscall

CREATE, REMOVE = 0o102, 0
name = ctypes.create_string_buffer(b"grader-hostile")


def double(x):
    memory = syscall("shmget", 0, 1 << 20, 0o1600)
    queue = syscall("mq_open", ctypes.addressof(name), CREATE, 0o600, 0)
    syscall("shmctl", memory, REMOVE, 0)
    syscall("mq_unlink", ctypes.addressof(name))
    return 2 * x if memory == queue == -1 and refused(open, "/dev/shm/left", "w") else x
