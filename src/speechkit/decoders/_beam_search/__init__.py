"""The parts of the beam search."""
