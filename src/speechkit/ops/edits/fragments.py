"""Words that were cut off, and the words that they may be."""


def equal(word: str, other: str) -> bool:
    """Returns whether two words are the same, or one is a part of the other.

    `frag-` is part of each word that begins so, and `-ment` of each that ends so.

    Example:
        >>> equal("frag-", "fragment"), equal("fragment", "-ment"), equal("-", "a")
        (True, True, False)
    """
    for part, whole in ((word, other), (other, word)):
        if len(part) > 1 and part[0] == "-":
            return whole.endswith(part[1:])
        if len(part) > 1 and part[-1] == "-":
            return whole.startswith(part[:-1])
    return word == other
