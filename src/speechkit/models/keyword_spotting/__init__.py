"""Small networks that recognise commands, known by name."""
