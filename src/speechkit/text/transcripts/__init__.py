"""References with alternatives, and the files that shared tasks exchange."""
