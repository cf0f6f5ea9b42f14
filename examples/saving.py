"""Saving files whole or not at all, so that none is ever half written."""

import contextlib
import json
import pathlib

import keras


def save_model(model: keras.Model, path: pathlib.Path) -> None:
    """Saves a model, whole or not at all."""
    with _replacing(path) as temporary:
        model.save(temporary)


def save_json(content: dict, path: pathlib.Path) -> None:
    """Writes JSON, whole or not at all."""
    save_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", path)


def save_text(text: str, path: pathlib.Path) -> None:
    """Writes a text, whole or not at all."""
    with _replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def _replacing(path):
    """Yields a name beside `path` that becomes `path` when the block is done.

    The name is always the same, so what a killed process left there is overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}-part{path.suffix}")
    yield temporary
    temporary.replace(path)
