"""Tests of the error where an optional package is missing."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from speechkit import _optional
from speechkit.text import (
    NumberNormalizer,
    SimplifiedNormalizer,
    for_scoring,
    to_pinyin,
)
from speechkit.text.normalization import spoken

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The package and its version, without marks such as `; sys_platform == 'linux'`.
LOWEST = {
    name: version
    for extra in PROJECT["project"]["optional-dependencies"].values()
    for name, version in re.findall(r"^([\w-]+)(>=[\w.]+)", "\n".join(extra), re.M)
}
FILES = [
    path
    for place in ("src", "docs", "examples", "benchmarks", ".")
    for ending in ("py", "md")
    for path in (ROOT / place).glob(f"{'' if place == '.' else '**/'}*.{ending}")
    if "_build" not in path.parts and path.parent.name != "generated"
]


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("pypinyin", lambda: to_pinyin("开")),
        ("opencc", lambda: for_scoring("zh")("3")),
    ],
)
def test_missing_modules_are_named(monkeypatch, module, use):
    monkeypatch.setitem(sys.modules, module, None)
    spoken._converter.cache_clear()

    with pytest.raises(ImportError) as raised:
        use()

    command = f"pip install '{module}{LOWEST[module]}'"
    assert f"needs {module}: {command}. Received: " in str(raised.value)


def test_versions_are_those_of_the_project():
    assert {name: LOWEST[name] for name in _optional._VERSIONS} == _optional._VERSIONS


def test_every_package_that_is_asked_for_has_its_version():
    asked = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if name in ("import_optional", "pip_install"):
                package = node.args[name == "import_optional"]
                asked.add(getattr(package, "value", None))

    # What is not a constant: both packages of ONNX, and the argument passed on.
    asked = (asked | {"tf2onnx", "onnxruntime"}) - {None}
    assert asked == set(_optional._VERSIONS)


def test_commands_of_pip_name_packages_and_their_versions():
    """The name `speechkit` belongs to another project on the package index."""
    wrong = []
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        wrong += [(path, x) for x in re.findall(r"pip install\W+speechkit\[", text)]
        for command in re.findall(r"pip install ((?:'[^']+'\s*|[\w-]+ ?)+)", text):
            for name, version in re.findall(r"([\w-]+)(>=[\w.]*)?", command):
                if version != LOWEST.get(name, version):
                    wrong.append((path, command))

    assert wrong == []


def test_making_a_normalizer_needs_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)

    assert SimplifiedNormalizer() == SimplifiedNormalizer()
    assert NumberNormalizer("zh")("3") == "三"
