from attack import refused


def double(x):
    return 2 * x if refused(overwrite) else x


def overwrite():
    with open("table.txt", "r+b", buffering=0) as file:
        file.write(b"0")
