"""Agreement, speed, size and memory of exported files."""
