from attack import refused

PATHS = ("/usr/lib/left.py", "/lib/left.so", "/rt/guest/worker.py", "/etc/left", "/left", "/var/tmp/left",
         "/dev/null/left", "/dev/shm/left")


def double(x):
    return 2 * x if all(refused(open, path, "w") for path in PATHS) else x
