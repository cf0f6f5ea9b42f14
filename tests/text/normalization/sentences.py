"""What a table of texts must give within a sentence, too."""

from speechkit.text import for_scoring

_AROUND = {"en": ("so", "now", " "), "zh": ("\u8bf4", "\u5427", "")}


def assert_said_alike_within(language, table):
    """Raises `AssertionError` unless each text is said as in the table when quoted."""
    normalizer = for_scoring(language)
    before, after, gap = _AROUND[language]
    for text, expected in table.items():
        said = normalizer(f"{before} \u201c{text}\u201d, {after}")
        assert said == f"{before}{gap}{expected}{gap}{after}"
