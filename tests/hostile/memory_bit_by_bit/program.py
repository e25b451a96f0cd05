def double(x):
    kept = []
    while True:
        kept.append(bytes(1 << 22))
