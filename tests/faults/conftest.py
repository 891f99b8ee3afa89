"""Fixtures of the scenarios that faults use, too."""

from tests.scenarios.slack.conftest import opens

__all__ = ["opens"]
