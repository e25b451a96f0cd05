import os

from attack import refused


def double(x):
    stopped = refused(os.symlink, "/etc/passwd", "/tmp/link") and refused(os.link, "/dev/null", "/tmp/l")
    return 2 * x if stopped and refused(os.mknod, "/tmp/node") else x
