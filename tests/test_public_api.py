"""Tests of what the library offers by name, and that its manual shows all of it."""

import importlib
import inspect
import pkgutil
import types
from pathlib import Path

import keras
import pytest

import speechkit
from speechkit import layers

MANUAL = Path(__file__).parents[1] / "docs"
PACKAGES = [
    importlib.import_module(f"speechkit.{module.name}")
    for module in pkgutil.iter_modules(speechkit.__path__)
    if module.ispkg
]
PUBLIC = [package for package in PACKAGES if hasattr(package, "__all__")]
each_public = pytest.mark.parametrize(
    "package", [speechkit, *PUBLIC], ids=lambda package: package.__name__
)


@each_public
def test_public_names_are_sorted_and_exist(package):
    # Acronyms first, then classes, then functions, as the linter sorts.
    names = sorted(package.__all__, key=lambda n: (n.islower(), not n.isupper(), n))
    assert package.__all__ == sorted(set(names), key=names.index)
    assert all(hasattr(package, name) for name in package.__all__)


def makers(package):
    """What makes a Keras object that computes, of the public names of a package."""
    for name in package.__all__:
        value = getattr(package, name)
        if isinstance(value, type) and issubclass(
            value, keras.Layer | keras.Loss | keras.Metric
        ):
            yield value
            if hasattr(value, "from_preset"):
                yield value.from_preset


@pytest.mark.parametrize(
    "make",
    [make for package in PUBLIC for make in makers(package)],
    ids=lambda make: make.__qualname__,
)
def test_a_dtype_is_taken_wherever_keras_takes_one(make):
    parameters = inspect.signature(make).parameters.values()

    assert any(p.name == "dtype" or p.kind is p.VAR_KEYWORD for p in parameters)


@each_public
def test_star_import_brings_the_public_names(package):
    names = {}

    exec(f"from {package.__name__} import *", names)

    assert set(names) - {"__builtins__"} == set(package.__all__)


@each_public
def test_public_names_are_documented(package):
    objects = {name: getattr(package, name) for name in package.__all__}

    assert package.__doc__
    assert [name for name, value in objects.items() if not value.__doc__] == []


@pytest.mark.parametrize("package", PUBLIC, ids=lambda package: package.__name__)
def test_public_names_have_one_address(package):
    others = [other for other in PACKAGES if other is not package]

    for name in package.__all__:
        value = getattr(package, name)
        assert not isinstance(value, types.ModuleType)
        assert value.__module__.startswith(f"{package.__name__}.")
        assert not any(name in getattr(other, "__all__", ()) for other in others)


def test_the_library_lists_its_public_names_alone():
    assert sorted(dir(speechkit)) == sorted([*speechkit.__all__, "__version__"])


def test_every_subpackage_has_its_place_in_the_manual():
    index = (MANUAL / "api" / "index.md").read_text(encoding="utf-8")

    pages = [line for line in index.splitlines() if line.startswith("generated/")]

    assert sorted(pages) == [f"generated/{package.__name__}" for package in PUBLIC]


def test_version_is_that_of_the_changelog():
    changelog = (MANUAL.parent / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## [{speechkit.__version__}]" in changelog


def test_a_name_that_keras_has_means_what_it_means_there():
    shared = set(layers.__all__) & set(dir(keras.layers))

    # Both take waveforms to powers in mel bands.
    assert shared <= {"MelSpectrogram"}
