"""Tests of the pages: read again by Python's own parser."""

import html.parser

from speechkit.metrics import align, alignment_to_html, score, score_to_html


class Reader(html.parser.HTMLParser):
    """Collects the tokens and the classes of an alignment, and checks the nesting."""

    def __init__(self):
        super().__init__()
        self.open, self.classes, self.texts = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        if tag == "span":
            self.classes.append(dict(attrs)["class"])
        if tag == "b":
            self.texts.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "b":
            self.texts[-1] += data


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_tokens_and_errors_can_be_read_again():
    alignment = align("<b> & 'c' d", "<b> & e 'c'")

    reader = read(alignment_to_html(alignment))

    assert reader.classes == ["hit", "hit", "insertion", "hit", "deletion"]
    expected = [token or "" for pair in alignment.pairs for token in pair]
    assert reader.texts == expected


def test_page_shows_the_utterances_with_errors():
    result = score({"<u1>": "on", "u2": "off"}, {"<u1>": "off", "u2": "off"})

    page = score_to_html(result, title="A & B")

    assert read(page).classes == ["substitution"]
    assert "<h3>&lt;u1&gt;</h3>" in page
    assert "u2" not in page
    assert "<title>A &amp; B</title>" in page
    assert "<td>50.0</td>" in page


def test_page_needs_no_network():
    page = score_to_html(score(["a"], ["b"]))

    assert "http" not in page
    assert "<script" not in page
