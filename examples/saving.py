"""Saving files whole or not at all, so that none is ever half written."""

import json
import pathlib

import keras

from speechkit_command.files import replacing


def save_model(model: keras.Model, path: pathlib.Path) -> None:
    """Saves a model, whole or not at all."""
    with _made(path) as temporary:
        model.save(temporary)


def save_json(content: dict, path: pathlib.Path) -> None:
    """Writes JSON, whole or not at all."""
    save_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", path)


def save_text(text: str, path: pathlib.Path) -> None:
    """Writes a text, whole or not at all."""
    with _made(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _made(path):
    """Returns the context of a file whose folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return replacing(path)
