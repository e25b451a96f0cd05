def double(x:
