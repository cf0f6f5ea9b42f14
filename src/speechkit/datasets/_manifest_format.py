"""What the reader and the writer of manifests agree on."""

COLUMNS = ("path", "text", "speaker", "split")
OPTIONAL = ("speaker", "split")
# Written where a recording is a piece of its file.
PIECE_COLUMNS = ("start_seconds", "duration_seconds")
# Other names that tools write, NeMo above all.
NAMES = {
    "path": ("path", "audio_filepath"),
    "start_seconds": ("start_seconds", "offset", "start"),
    "duration_seconds": ("duration_seconds", "duration"),
}
# They end a piece as `duration_seconds` does, which is read.
REFUSED = ("end", "end_seconds")
