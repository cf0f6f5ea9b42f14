"""Tests of the options that all commands have."""

import sys

import keras

from speechkit.cli.main import main

MODULE = """
import keras

@keras.saving.register_keras_serializable(package="of_a_user")
class Own:
    def get_config(self):
        return {}
"""


def test_classes_of_a_user_are_imported_from_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classes_of_a_user.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "texts.txt").write_text("a", encoding="utf-8")

    status = main(["--import", "classes_of_a_user", "score", *["texts.txt"] * 2])

    assert status == 0
    found = keras.saving.get_registered_object("of_a_user>Own")
    assert found is sys.modules.pop("classes_of_a_user").Own


def test_rejects_a_module_that_there_is_not(capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])

    status = main(["--import", "no_such_module", "score", "a.txt", "b.txt"])

    assert status == 1
    assert "`--import` must name a module. Received: no_such" in capsys.readouterr().err


def test_a_model_with_an_unknown_class_asks_for_its_module(
    capsys, monkeypatch, tmp_path
):
    path = tmp_path / "model.keras"
    registered = dict(keras.saving.get_custom_objects())

    @keras.saving.register_keras_serializable(package="of_another")
    class Unknown(keras.layers.Layer):
        pass

    keras.Sequential([keras.Input((2,)), Unknown()]).save(path)
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(registered)

    status = main(["export", str(path), str(tmp_path / "model.tflite")])

    errors = capsys.readouterr().err
    assert status == 1
    assert "needs the class 'Unknown'. Import its module" in errors
    assert "`--import MODULE` does" in errors
    assert errors.count("\n") == 1
