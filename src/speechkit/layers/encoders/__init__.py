"""Feature frames to hidden states."""
