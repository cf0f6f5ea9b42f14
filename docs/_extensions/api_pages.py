"""Writes one page a subpackage, and lists on it every name of its `__all__`.

A new public name therefore has its page with the next build. A new subpackage has
one too; the build fails until `docs/api/index.md` says where it stands.
"""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from sphinx.util import inspect as sphinx_inspect

import speechkit

# The folders of a subpackage, in the order of the data.
FOLDERS = (
    "features",
    "augmentation",
    "encoders",
    "attention",
    "language_models",
    "normalization",
    "transcripts",
    "scoring",
    "keywords",
)


def setup(app):
    """Connects the extension to Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("config-inited", write_pages)
    app.connect("autodoc-skip-member", skip_alias)
    app.connect("autodoc-skip-member", skip_of_others)
    app.connect("autodoc-process-signature", constructor_signature)
    # Before napoleon, which takes a colon in single backticks for the end of a type.
    app.connect("autodoc-process-docstring", double_backticks, priority=400)
    return {"parallel_read_safe": True}


def write_pages(app, config):
    """Writes `api/generated/<subpackage>.rst` for each public subpackage.

    Pages of names that are public no longer, left by an earlier build, are deleted.
    """
    folder = Path(app.srcdir) / "api" / "generated"
    folder.mkdir(exist_ok=True)
    packages = public_subpackages()
    names = {f"{p.__name__}.{name}" for p in packages for name in p.__all__}
    for path in folder.glob("*.rst"):
        if path.stem not in names.union(package.__name__ for package in packages):
            path.unlink()
    for package in packages:
        path = folder / f"{package.__name__}.rst"
        text = page(package)
        # A page that did not change is not built again.
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def skip_alias(app, what, name, value, skip, options):
    """Leaves out attributes that only name another class."""
    return True if inspect.isclass(value) else None


def skip_of_others(app, what, name, value, skip, options):
    """Leaves out what a class inherits from another project's."""
    function = getattr(value, "fget", None) or getattr(value, "__func__", value)
    home = getattr(function, "__module__", None) or "speechkit"
    is_method = inspect.isroutine(value) or isinstance(value, property)
    return True if is_method and not home.startswith("speechkit") else None


def constructor_signature(app, what, name, value, options, signature, returns):
    """Returns the arguments of a class; Keras's `__new__` hides them from Sphinx."""
    if what != "class" or "__init__" not in vars(value):
        return None
    arguments = sphinx_inspect.signature(value.__init__, bound_method=True)
    text = sphinx_inspect.stringify_signature(arguments, unqualified_typehints=True)
    return text.removesuffix(" -> None"), None


def double_backticks(app, what, name, value, options, lines):
    """Turns the code in a docstring into reStructuredText's."""
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", "\n".join(lines))
    lines[:] = text.split("\n")


def public_subpackages():
    """Returns the subpackages of `speechkit` that list public names."""
    packages = [
        importlib.import_module(f"speechkit.{module.name}")
        for module in pkgutil.iter_modules(speechkit.__path__)
        if module.ispkg and not module.name.startswith("_")
    ]
    return [package for package in packages if getattr(package, "__all__", None)]


def page(package):
    """Returns the page of a subpackage, with a section for each of its folders."""
    title = package.__name__.removeprefix("speechkit.")
    parts = [f"{title}\n{'=' * len(title)}\n\n{inspect.getdoc(package)}\n"]
    for folder, names in sorted(names_by_folder(package).items(), key=_place):
        if folder:
            module = importlib.import_module(f"{package.__name__}.{folder}")
            heading = folder.capitalize()
            underline = "-" * len(heading)
            parts.append(f"{heading}\n{underline}\n\n{inspect.getdoc(module)}\n")
        entries = "\n".join(f"   ~{package.__name__}.{name}" for name in names)
        parts.append(
            f".. autosummary::\n   :toctree:\n   :nosignatures:\n\n{entries}\n"
        )
    return "\n".join(parts)


def names_by_folder(package):
    """Returns the public names of a subpackage by the folder that they are from."""
    folders = {}
    for name in package.__all__:
        home = getattr(package, name).__module__.removeprefix(f"{package.__name__}.")
        folder = home.split(".")[0] if "." in home else ""
        folders.setdefault(folder, []).append(name)
    return folders


def _place(item):
    folder, _ = item
    return (FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS), folder)
