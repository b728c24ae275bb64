"""What every test gets: the slow marker's switch, the offscreen platform, a quiet collector."""

import gc
import itertools
import os

import pytest

pytest_plugins = ["tests.support.gui"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests that take minutes too")


# By folder: what takes longest begins first, so that no worker ends alone with a long story.
_FIRST = {"end2end": 0, "integration": 1}


def _rank(item: pytest.Item) -> int:
    folders = item.path.relative_to(item.config.rootpath).parts
    return min((_FIRST[f] for f in folders if f in _FIRST), default=len(_FIRST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_rank)
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="takes minutes; run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


# A widget in a cycle is deleted by the thread in which the collector finds it. A worker listens in
# a thread of its own, and Qt need not survive that: collected is between tests, in this thread.
gc.disable()
_EVERY, _FULLY_EVERY = 10, 50  # tests
_tests = itertools.count(1)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    number = next(_tests)
    if number % _EVERY == 0:
        gc.collect(1 if number % _FULLY_EVERY else 2)
