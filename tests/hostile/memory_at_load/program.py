del double, total, square, square_gradient, shift
huge = bytearray(1 << 33)
