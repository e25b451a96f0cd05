def double(x):
    nested = [x]
    nested.append(nested)
    return nested
