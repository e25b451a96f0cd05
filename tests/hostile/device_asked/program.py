import fcntl

from attack import refused

RNDGETENTCNT = 0x80045200


def double(x):
    with open("/dev/urandom", "rb", buffering=0) as device:
        return 2 * x if refused(fcntl.ioctl, device, RNDGETENTCNT, bytes(4)) else x
