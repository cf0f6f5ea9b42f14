"""AN4: from recordings of letters, digits and words to a word error rate."""
