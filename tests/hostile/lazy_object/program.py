class Lazy:
    def __array__(self, *_, **__):
        while True:
            pass

    def __len__(self):
        while True:
            pass


def double(x):
    return Lazy()
