"""Compares every public signature with the rules of the house.

Usage: python .ci/check_signatures.py

The rules: no `*args`; no `**kwargs` but those of a base class of Keras, or those that
`from_preset` hands to the constructor; at most two arguments by position; the names of
the glossary; no default for `sampling_rate`; every argument in the docstring, in its
order. The source is read, not imported, so the check needs nothing installed.
"""

import ast
import dataclasses
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
MOST_BY_POSITION = 2

# What Keras calls, with the arguments that Keras gives.
OF_KERAS = {
    "__call__",
    "adapt",
    "build",
    "call",
    "compute_mask",
    "compute_output_shape",
    "compute_output_spec",
    "export",
    "from_config",
    "get_config",
    "load_own_variables",
    "reset_state",
    "result",
    "save_own_variables",
    "set_model",
    "stateless_call",
    "summary",
    "update_state",
}

# Names of other libraries, and ours for the same thing.
GLOSSARY = {
    "alpha": "a word for the weight",
    "beta": "a word for the weight",
    "blank": "blank_index",
    "blank_id": "blank_index",
    "fmax": "max_freq",
    "fmin": "min_freq",
    "fs": "sampling_rate",
    "hidden_size": "units",
    "hop_length": "frame_step",
    "mask_index": "blank_index",
    "merge": "merge_mode",
    "n_fft": "fft_length",
    "n_mels": "num_mel_bins",
    "n_mfcc": "num_coefficients",
    "nbest": "num_hypotheses",
    "pred": "hypothesis",
    "sample_rate": "sampling_rate",
    "sr": "sampling_rate",
    "targets": "labels",
    "top_db": "dynamic_range_db",
    "top_paths": "num_hypotheses",
    "truth": "reference",
    "win_length": "frame_length",
}


@dataclasses.dataclass(frozen=True)
class Definition:
    """A class or a function, and the module where it stands."""

    node: ast.ClassDef | ast.FunctionDef
    module: str


def main() -> int:
    """Prints what breaks a rule and returns whether anything does."""
    faults = [
        f"{name}: {fault}"
        for name, definition in public_definitions()
        for fault in faults_of(definition)
    ]
    print("\n".join(faults) or "All public signatures follow the rules")
    return bool(faults)


def public_definitions():
    """Yields the address and the definition of every public class and function."""
    for path in sorted((SOURCE / "speechkit").glob("*/__init__.py")):
        package = f"speechkit.{path.parent.name}"
        for name in listed_names(path):
            definition = resolve(package, name)
            if definition is not None:
                yield f"{package.removeprefix('speechkit.')}.{name}", definition


def listed_names(path):
    """Returns the names in `__all__`."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
            return ast.literal_eval(node.value)
    return []


def resolve(module: str, name: str):
    """Returns the definition of a name in a module, through imports, or `None`."""
    path = file_of(module)
    for node in tree_of(path).body if path else ():
        if getattr(node, "name", None) == name and isinstance(
            node, ast.ClassDef | ast.FunctionDef
        ):
            return Definition(node, module)
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if (alias.asname or alias.name) == name:
                return resolve(node.module, alias.name)
    return None


def file_of(module: str) -> Path | None:
    """Returns the file of a module of the project."""
    path = SOURCE / Path(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def tree_of(path: Path) -> ast.Module:
    """Returns the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def faults_of(definition: Definition):
    """Yields a sentence for each rule that a class or a function breaks."""
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        yield from faults_of_call(node, ast.get_docstring(node), False)
        return
    methods = methods_of(definition)
    if "__init__" in methods:
        from_keras = is_from_keras(definition)
        constructor, docstring = methods["__init__"], ast.get_docstring(node)
        for fault in faults_of_call(constructor, docstring, from_keras):
            yield f"__init__: {fault}"
    for name, method in methods.items():
        if name[0] != "_" and name not in OF_KERAS and not is_callback(name):
            docstring, hands_on = ast.get_docstring(method), name == "from_preset"
            for fault in faults_of_call(method, docstring, hands_on):
                yield f"{name}: {fault}"


def is_callback(name: str) -> bool:
    """Returns whether a method is one of a `keras.callbacks.Callback`."""
    return bool(re.fullmatch(r"on_\w+_(begin|end)", name))


def methods_of(definition: Definition) -> dict[str, ast.FunctionDef]:
    """Returns the methods of a class by name, with those that it inherits."""
    methods: dict[str, ast.FunctionDef] = {}
    for base in reversed(list(bases_of(definition))):
        methods |= methods_of(base)
    own = [x for x in definition.node.body if isinstance(x, ast.FunctionDef)]
    return methods | {method.name: method for method in own}


def is_from_keras(definition: Definition) -> bool:
    """Returns whether a class of Keras is among the ancestors."""
    names = [ast.unparse(base) for base in definition.node.bases]
    if any(name.startswith("keras.") for name in names):
        return True
    return any(is_from_keras(base) for base in bases_of(definition))


def bases_of(definition: Definition):
    """Yields the base classes that stand in the project."""
    for base in definition.node.bases:
        name = ast.unparse(base).split("[")[0]
        module = definition.module
        if "." in name:
            holder, name = name.rsplit(".", 1)
            module = imported_module(module, holder)
        found = resolve(module, name) if module else None
        if found is not None:
            yield found


def imported_module(module: str, holder: str) -> str | None:
    """Returns the full name of a module that a file imports as `holder`."""
    for node in tree_of(file_of(module)).body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            full_name = f"{node.module}.{alias.name}"
            if (alias.asname or alias.name) == holder and file_of(full_name):
                return full_name
    return None


def faults_of_call(function: ast.FunctionDef, docstring, may_have_kwargs: bool):
    """Yields a sentence for each rule that a signature breaks."""
    arguments = function.args
    by_position = [x.arg for x in (*arguments.posonlyargs, *arguments.args)]
    if not any(ast.unparse(x) == "staticmethod" for x in function.decorator_list):
        by_position = [name for name in by_position if name not in ("self", "cls")]
    names = [*by_position, *(x.arg for x in arguments.kwonlyargs)]
    if arguments.vararg:
        yield f"has `*{arguments.vararg.arg}`; write the arguments out"
    if arguments.kwarg and not may_have_kwargs:
        yield f"has `**{arguments.kwarg.arg}`; write the arguments out"
    if len(by_position) > MOST_BY_POSITION:
        third = by_position[MOST_BY_POSITION]
        yield f"takes `{third}` by position; only two arguments may be"
    for name in names:
        if name in GLOSSARY:
            yield f"calls an argument `{name}`; the glossary has `{GLOSSARY[name]}`"
    if "sampling_rate" in defaults_of(arguments):
        yield "has a default for `sampling_rate`, which would be wrong without a word"
    documented = documented_arguments(docstring or "")
    if documented is not None and documented != names:
        yield f"documents {documented} where the arguments are {names}"


def defaults_of(arguments: ast.arguments):
    """Returns the names of the arguments that have a default other than `None`."""
    by_position = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(by_position), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return {
        argument.arg
        for argument, default in pairs
        if default is not None
        and not (isinstance(default, ast.Constant) and default.value is None)
    }


def documented_arguments(docstring: str):
    """Returns the arguments in the section "Args", or `None` without that section."""
    section = re.search(r"^Args:\n((?:[ ]+.*\n|\n)*)", docstring + "\n", re.MULTILINE)
    if section is None:
        return None
    names = re.findall(r"^    (\w[\w, ]*):", section[1], re.MULTILINE)
    return [name for group in names for name in group.split(", ")]


if __name__ == "__main__":
    sys.exit(main())
