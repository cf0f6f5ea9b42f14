"""Checks a site that was built: every public name has its own page, every page a link.

The home page must link to each guide and concept.

Usage: python docs/check_pages.py FOLDER_OF_THE_SITE
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "_extensions"))

from api_pages import public_subpackages


def main(site):
    """Returns a message that names the pages or links that are missing, or `None`."""
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
    unlinked = pages_without_a_link(site)
    if unlinked:
        return f"Pages that the home page does not name: {', '.join(unlinked)}"
    print(f"{len(names)} public names, each with its page")
    return None


def pages_without_a_link(site):
    """Returns the guides and concepts to which the home page has no link."""
    home = read(site / "index.html").split("<article")[-1].split("toctree-wrapper")[0]
    pages = [
        f"{folder}/{path.name}"
        for folder in ("concepts", "guides")
        for path in sorted((site / folder).glob("*.html"))
        if path.name != "index.html"
    ]
    return [page for page in pages if f'href="{page}"' not in home]


def read(path):
    """Returns the text of a page; nothing if there is no such page."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
