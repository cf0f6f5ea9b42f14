"""Plain functions on texts: alignments, scores, and what they say of a system."""
