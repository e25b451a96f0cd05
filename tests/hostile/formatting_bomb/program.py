def double(x):
    return format(1.0, ".2000000000f")
