"""Tests that a process of its own, with one thread, gives the same numbers."""

import concurrent.futures
import multiprocessing

from fuzz import processes


def test_a_spawned_worker_with_one_thread_gives_the_same_numbers(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")

    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        answer = pool.submit(processes.decode, 0).result(timeout=300)

    assert answer == processes.decode(0)
