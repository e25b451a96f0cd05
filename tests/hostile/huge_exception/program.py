def double(x):
    raise ValueError("\N{GRINNING FACE}" * 25_000_000)
