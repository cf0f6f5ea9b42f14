"""Checks of the tokens of a vocabulary."""

from collections.abc import Container, Iterable, Sequence

from speechkit import _checks


def check_tokens(name: str, tokens: Sequence[str]) -> tuple[str, ...]:
    """Returns tokens as a tuple.

    Raises:
        ValueError: If there are none, one is empty or no text, or one comes twice.
    """
    tokens = _checks.to_plain(tokens)
    is_list = isinstance(tokens, Iterable) and not isinstance(tokens, str)
    texts = tuple(tokens) if is_list else ()
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise ValueError(
            f"`{name}` must be texts, at least one, and none empty. "
            f"Received: {name}={str(tokens)[:60]}"
        )
    check_different(name, texts)
    return texts


def check_different(name: str, tokens: Sequence[str]) -> None:
    """Raises unless each token comes once.

    Two classes of one text would share its probability, and a text would have two
    sequences of labels.

    Raises:
        ValueError: If a token comes twice.
    """
    seen: set[str] = set()
    for label, token in enumerate(tokens, start=1):
        if token in seen:
            raise ValueError(
                f"`{name}` must hold each token once. "
                f"Received: {token!r} again, for label {label}"
            )
        seen.add(token)


def check_unknown(unknown: str | None, tokens: Container[str]) -> None:
    """Raises unless `unknown` is one of the tokens.

    Raises:
        ValueError: If it is not.
    """
    is_token = isinstance(unknown, str) and unknown in tokens
    if unknown is not None and not is_token:
        raise ValueError(
            "`unknown` must be a token of the vocabulary. "
            f"Received: unknown={unknown!r}"
        )
