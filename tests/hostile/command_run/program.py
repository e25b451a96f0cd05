import subprocess

from attack import refused


def double(x):
    return 2 * x if refused(subprocess.run, ["/bin/true"]) else x
