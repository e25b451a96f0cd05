from attack import refused

PATHS = ("/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/maps", "/root/.ssh/id_rsa",
         "/sys/class/net/eth0/address", "/var/log/dpkg.log", "/dev/kmsg")


def double(x):
    return 2 * x if all(refused(open, path) for path in PATHS) else x
