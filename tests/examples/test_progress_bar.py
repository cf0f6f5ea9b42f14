"""Tests that progress is one line in a terminal and a few lines in a file."""

import io
import sys

from examples import progress_bar
from examples.progress_bar import ProgressBar, progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_a_file_gets_the_begin_and_the_end(capsys):
    for _ in progress(range(10000), description="read", unit="clips"):
        pass

    first, last = capsys.readouterr().err.splitlines()
    assert first == "read: 0 of 10000 clips, 00:00 gone, ? left"
    assert last.startswith("read: 10000 of 10000 clips, 00:0")


def test_a_file_gets_a_line_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr(progress_bar, "SECONDS_BETWEEN_LINES", 0.05)
    bar = progress(description="train", unit="steps", total=10**9)

    start = bar.start_t
    while bar._time() < start + 0.5:
        bar.update()
    bar.close()

    errors = capsys.readouterr().err
    assert 5 <= errors.count("\n") <= 13
    assert "\r" not in errors


def test_epochs_add_no_lines(capsys):
    callback = ProgressBar(0, 100, steps=1)
    for epoch in range(100):
        callback.on_train_batch_end(0)
        callback.on_epoch_end(epoch, {"loss": 1.0})
    callback.on_train_end()

    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("train: 0 of 100 steps")
    assert last.endswith("00:00 left, epoch=100/100, loss=1.000")


def test_a_terminal_gets_one_line(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    for _ in progress(range(10), description="read", unit="clips"):
        pass

    assert terminal.getvalue().count("\n") == 1
    assert "\rread: 100%" in terminal.getvalue()
