"""The checksum of a page of an OGG file."""

import numpy as np


def checksum(page):
    """Returns the checksum of an OGG page, bit by bit, as RFC 3533 defines it."""
    remainder = 0
    for bit in np.unpackbits(np.frombuffer(page, np.uint8)):
        remainder = remainder << 1 ^ int(bit) << 32
        if remainder >> 32:
            remainder ^= 0x104C11DB7
    return remainder
