"""Edit distances."""
