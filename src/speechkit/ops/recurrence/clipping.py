"""The limit of the clipped rectifier."""

# min(max(x, 0), 20), as in Deep Speech 2.
MOST = 20
