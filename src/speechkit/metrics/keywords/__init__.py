"""Plain functions on scores: how well keywords are told from all else."""
