"""What the reader and the writer of manifests agree on."""

COLUMNS = ("path", "text", "speaker", "split")
OPTIONAL = ("speaker", "split")
