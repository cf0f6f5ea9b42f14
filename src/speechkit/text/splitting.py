"""Texts to the tokens that error rates count."""

import re

# Ideographs and the signs that stand for one: each is a syllable and a token.
IDEOGRAPH = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
    "\U00030000-\U000323af"
)
_MIXED = re.compile(f"[{IDEOGRAPH}]|[^{IDEOGRAPH}\\s]+")


def split_words(text: str) -> list[str]:
    """Returns the words between white space.

    Example:
        >>> split_words(" turn  left ")
        ['turn', 'left']
    """
    return text.split()


def split_characters(text: str) -> list[str]:
    """Returns the characters, the white space within included, that around not.

    Example:
        >>> split_characters("up to ")
        ['u', 'p', ' ', 't', 'o']
    """
    return list(text.strip())


def split_mixed(text: str) -> list[str]:
    """Returns Chinese characters one by one, and everything else in words.

    Example:
        >>> split_mixed("打开WiFi 好吗")
        ['打', '开', 'WiFi', '好', '吗']
    """
    return _MIXED.findall(text)
