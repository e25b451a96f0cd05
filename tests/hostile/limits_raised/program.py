import resource

from attack import refused

NAMES = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_STACK")


def double(x):
    for name in NAMES:
        limit = getattr(resource, name)
        for value in (resource.RLIM_INFINITY, 1):
            if not refused(resource.setrlimit, limit, (value, value), errors=(OSError, ValueError)):
                return x
    return 2 * x
