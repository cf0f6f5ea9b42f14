"""Tests of work in several threads."""

import threading
import time

import numpy as np
import pytest

from speechkit.ops.runtime import threads


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(5, 1, 1), (5, 3, 3), (5, 99, 5), (5, 0, 1)]
)
def test_each_item_goes_to_one_thread(count, most, expected):
    parts = []

    threads.in_threads(
        lambda name, items: parts.append((name, items)), ("a",), np.arange(count), most
    )

    assert [name for name, _ in parts] == ["a"] * expected
    assert sorted(np.concatenate([items for _, items in parts])) == list(range(count))


def test_without_an_item_nothing_is_called():
    threads.in_threads(pytest.fail, ("called",), np.arange(0), 2)


def test_an_error_in_another_thread_is_raised():
    def fail(items):
        if 1 in items:
            raise ValueError("the second part")

    with pytest.raises(ValueError, match="the second part"):
        threads.in_threads(fail, (), np.arange(2), 2)


def test_one_call_runs_at_a_time():
    running, most = [], []

    def work(items):
        running.extend(items)
        most.append(len(running))
        time.sleep(0.05)
        for item in items:
            running.remove(item)

    calls = [
        threading.Thread(
            target=threads.in_threads, args=(work, (), np.array([item]), 1)
        )
        for item in range(4)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()

    assert most == [1, 1, 1, 1]
