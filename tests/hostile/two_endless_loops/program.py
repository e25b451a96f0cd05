def double(x):
    while True:
        pass


total = double
