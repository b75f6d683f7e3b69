import pytest

from harness import Browser, Daemon


@pytest.fixture(scope="session")
def chromium():
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def daemon():
    daemon = Daemon()
    yield daemon
    daemon.close()


@pytest.fixture
def browser(chromium):
    """Fails a test in whose pages a script failed or the content security policy was hurt."""
    chromium.problems.clear()
    yield chromium
    for context in chromium.chromium.contexts:
        context.close()
    assert chromium.problems == []
