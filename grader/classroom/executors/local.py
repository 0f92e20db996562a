"""Threads of this process around one warm fork server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from grader.classroom.batch import AHEAD, Judge, Pool
from grader.judging.workshop import Workshop


@contextmanager
def opened(workers: int, shop: Workshop, isolation: str) -> Iterator[Pool]:
    """Grade with `workers` threads; what is still running when the block is left is ended."""
    judge = Judge(shop, isolation)
    with ThreadPoolExecutor(workers) as executor:
        try:
            yield Pool(lambda order: executor.submit(judge, order), workers * AHEAD)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            shop.sandbox.close()  # or what runs would be waited for
            raise
