from attack import refused


def double(x):
    return 2 * x if refused(open, "/etc/shadow") else x
