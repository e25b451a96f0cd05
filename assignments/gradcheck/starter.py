"""A gradient checker: numeric derivatives that know how far off they are, and a verdict.

The handout (README.md) has the mathematics, the conventions, and worked examples.
"""

import numpy as np


def relative_error(a, b):
    """Return how far a and b are apart, entry by entry, relative to the larger of the two.

    a and b are two numbers, or two arrays of one shape. Where both are 0 the error is 0; where one
    is, it is 1; numbers of opposite signs have one between 1 and 2. It is an array of floats of the
    same shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def directional_derivative(f, x, direction):
    """Return (slope, error): the derivative of t -> f(x + t * direction) at t = 0.

    f takes an array of the shape of x and returns a number. x and direction have one shape; x may
    hold whole numbers, and afterwards it is as it was. error is your estimate of how far slope is
    off, a number of 0 or more. Neither is an array.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def numerical_gradient(f, x):
    """Return the gradient of f at x: the derivatives along the axes, an array of the shape of x.

    f takes an array of the shape of x and returns a number. x is an array of any shape, of floats
    or of whole numbers; afterwards it is as it was.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def check_gradient(f, grad, x):
    """Return (is_right, worst): whether grad is the gradient of f at x, looking at every entry.

    f takes an array of the shape of x and returns a number; grad takes the same and returns an
    array. is_right is True or False. worst is the index of the entry that is most wrong, a tuple;
    it is None where is_right is True, and where what grad returns has another shape than x.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def directional_check(f, grad, x, rng):
    """Return whether grad is the gradient of f at x, True or False, from a few random directions.

    f, grad and x are as in check_gradient; rng is a numpy.random.Generator. Call f at most 100
    times, whatever the size of x.
    """
    # YOUR CODE HERE
    raise NotImplementedError
