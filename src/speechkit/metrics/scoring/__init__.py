"""Plain functions on texts: alignments, scores, confidence and comparisons."""
