"""Models that answer while a clip goes on."""
