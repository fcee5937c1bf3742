"""What holds for the whole suite."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tests.counting import counts, is_counted, load_everything, not_counting
from tests.databases import said_of_left_out

# No test asserts a time: a busy machine is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

BROWSER = "tests/browser/"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", action="store_true", help="take the README's pictures of the bedside page anew (tests/browser)"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests of the bedside page that were left out for want of a browser; a dot says less than that."""
    skipped = terminalreporter.stats.get("skipped", ())
    names = sorted({report.nodeid.removeprefix(BROWSER) for report in skipped if report.nodeid.startswith(BROWSER)})
    if names:
        terminalreporter.section(f"{len(names)} tests of the bedside page were left out: no browser")
        terminalreporter.write_line("\n".join(names))
    if (says := said_of_left_out(list(skipped))) is not None:
        terminalreporter.section(says)


def leads(config: pytest.Config) -> bool:
    """Return whether this process collects and tests nothing itself, and hands the tests out to workers."""
    return config.pluginmanager.hasplugin("dsession")


@pytest.fixture
def uncounted() -> Iterator[None]:
    """Run a test without the counting of covered lines: one that does the same over thousands of cases.

    That every line that the Makefile demands is run stands on the other tests, one by one.
    """
    with not_counting():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count the lines that a test runs, where its folder is counted."""
    if is_counted(item.path):
        return (yield)
    with not_counting():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Count nothing where nothing is tested: in the process that leads the workers."""
    if not leads(session.config):
        return (yield)
    with not_counting():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect without counting, and without looking for rubbish: the many objects live to the end."""
    if counts() and not leads(session.config):
        load_everything()
    gc.disable()
    try:
        with not_counting():
            return (yield)
    finally:
        gc.freeze()
        gc.enable()
