"""Pictures to files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from speechkit._replacing import replacing

if TYPE_CHECKING:
    import matplotlib.figure

_FORMATS = (".png", ".svg", ".pdf")


def save(figure: "matplotlib.figure.Figure", path: str | os.PathLike) -> None:
    """Writes a figure to a file, whole or not at all.

    The picture goes to a temporary file beside `path`, which then takes its name, so
    that a reader never sees half a picture and a failure leaves the old one.

    Args:
        figure: Figure to write.
        path: File to write; its ending is `.png`, `.svg` or `.pdf`. Folders that are
            missing are made.

    Raises:
        ValueError: If the file's ending is another.

    Example:
        >>> import matplotlib.figure, tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> save(matplotlib.figure.Figure(), folder / "empty.png")
        >>> [file.name for file in folder.iterdir()]
        ['empty.png']
    """
    path = Path(path)
    if path.suffix.lower() not in _FORMATS:
        raise ValueError(
            f"{path}: a picture's name must end in one of {', '.join(_FORMATS)}. "
            f"Received: {path.suffix or 'no ending'}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=150)
