"""Voice commands: from recordings, real or synthetic, to a recogniser on a phone."""
