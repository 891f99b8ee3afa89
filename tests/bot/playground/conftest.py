"""Fixtures for this folder."""

from tests.support.browser import browser, open_page

__all__ = ["browser", "open_page"]
