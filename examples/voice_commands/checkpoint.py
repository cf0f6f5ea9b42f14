"""Saving a training run after each epoch, so that an interrupted one can go on."""

import contextlib
import json
import os
import pathlib

import keras


def save_model(model: keras.Model, path: pathlib.Path) -> None:
    """Saves a model, whole or not at all."""
    with _replacing(path) as temporary:
        model.save(temporary)


def save_json(content: dict, path: pathlib.Path) -> None:
    """Writes JSON, whole or not at all."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    with _replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


class Checkpoint(keras.callbacks.Callback):
    """Saves the model, its optimizer and the history after each epoch.

    Args:
        folder: Where `checkpoint.keras` and `history.json` go.
        history: What earlier epochs of the same run logged.
    """

    def __init__(self, folder: pathlib.Path, history: dict[str, list[float]]):
        super().__init__()
        self._folder = folder
        self.history = {name: list(values) for name, values in history.items()}

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        save_model(self.model, self._folder / "checkpoint.keras")
        save_json(self.history, self._folder / "history.json")


def resume(folder: pathlib.Path) -> tuple[keras.Model | None, dict]:
    """Returns the model and the history of an interrupted run, if there is one."""
    model_path, history_path = folder / "checkpoint.keras", folder / "history.json"
    if not (model_path.is_file() and history_path.is_file()):
        return None, {}
    history = json.loads(history_path.read_text(encoding="utf-8"))
    return keras.saving.load_model(model_path), history


@contextlib.contextmanager
def _replacing(path):
    """Yields a name beside `path` that becomes `path` when the block is done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    yield temporary
    temporary.replace(path)
