import os

from attack import refused, syscall


def double(x):
    stopped = refused(os.setuid, 0) and refused(os.setresuid, 0, 0, 0) and refused(os.setgid, 0)
    held = syscall("prctl", 4, 1, 0, 0, 0) == -1 and syscall("seccomp", 1, 0, 0) == -1
    return 2 * x if stopped and held else x
