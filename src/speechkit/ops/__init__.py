"""Pure functions that the layers, losses and decoders are made of."""
