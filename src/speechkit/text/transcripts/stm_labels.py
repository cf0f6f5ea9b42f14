"""What segment time marks say of their labels, in comments."""

import dataclasses
import os
import re
from collections.abc import Mapping

from speechkit._reading import TextLines

_DECLARED = re.compile(
    r'\s*;;\s*(?P<kind>LABEL|CATEGORY)\s+"(?P<id>[^"]*)"\s+"(?P<title>[^"]*)".*',
    re.DOTALL,
)


@dataclasses.dataclass(frozen=True)
class Labels:
    """Holds what the comments of a file declare.

    Attributes:
        titles: Titles of the labels by their names in small letters, in the order of
            the file: `;; LABEL "f0" "Baseline" "…"`.
        categories: Titles of the places within a label, from `"0"`, by their numbers:
            `;; CATEGORY "1" "Conditions" "…"`.
    """

    titles: dict[str, str]
    categories: dict[str, str]

    def groups(
        self, labels: Mapping[str, str | None]
    ) -> dict[str, dict[str, list[str]]]:
        """Returns the names of each label, by its title and that of its category.

        Each place within a label is a category. What no comment declares is left out,
        as by sclite.

        Args:
            labels: Labels of segments, such as `"<o,f0,male>"`, by any names.
        """
        divided = {
            name: [
                part.strip().casefold() for part in (label or "").strip("<>").split(",")
            ]
            for name, label in labels.items()
        }
        found: dict[str, dict[str, list[str]]] = {}
        for place in range(max(map(len, divided.values()), default=0)):
            category = self.categories.get(str(place)) or f"Category {place}"
            for part, title in self.titles.items():
                names = [
                    n for n, parts in divided.items() if parts[place:][:1] == [part]
                ]
                if names:
                    found.setdefault(category, {})[title] = names
        return found


def read_labels(path: str | os.PathLike[str], *, encoding: str = "utf-8") -> Labels:
    """Reads the comments of segment time marks that tell what labels mean.

    Raises:
        ValueError: If the file cannot be read.
    """
    titles, categories = {}, {}
    for line in TextLines(path, encoding):
        match = _DECLARED.fullmatch(line)
        if match and match["kind"] == "LABEL":
            titles[match["id"].casefold()] = match["title"] or match["id"]
        elif match:
            categories[match["id"]] = match["title"]
    return Labels(titles, categories)
