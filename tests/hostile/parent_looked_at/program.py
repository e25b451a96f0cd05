import os

from attack import refused


def double(x):
    parent = os.getppid()
    paths = [f"/proc/{pid}/{name}" for pid in (1, parent, "self") for name in ("cmdline", "mem", "maps")]
    links = [f"/proc/{pid}/{name}" for pid in (1, parent) for name in ("exe", "cwd", "root")]
    stopped = [refused(open, path) for path in paths] + [refused(os.readlink, link) for link in links]
    return 2 * x if all(stopped) else x
