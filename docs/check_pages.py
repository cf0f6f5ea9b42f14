"""Checks that every public name has its own page in a site that was built.

Usage: python docs/check_pages.py FOLDER_OF_THE_SITE
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "_extensions"))

from api_pages import public_subpackages


def main(site):
    """Returns a message that names the pages that are missing, or `None`."""
    names = [
        f"{package.__name__}.{name}"
        for package in public_subpackages()
        for name in package.__all__
    ]
    missing = [
        name
        for name in names
        if f'id="{name}"' not in read(site / "api" / "generated" / f"{name}.html")
    ]
    if missing:
        return f"Public names without a page: {', '.join(missing)}"
    print(f"{len(names)} public names, each with its page")
    return None


def read(path):
    """Returns the text of a page; nothing if there is no such page."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
