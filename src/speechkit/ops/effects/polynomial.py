"""Polynomials of many numbers at once."""


def polynomial(coefficients, values):
    """Returns a polynomial at each of the values, by Horner's rule.

    Args:
        coefficients: Two numbers or more, that of the power 0 first.
        values: A tensor or a number.

    Example:
        >>> polynomial((1.0, 2.0, 3.0), 2.0)
        17.0
    """
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * values + coefficient
    return total
