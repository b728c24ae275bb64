"""A shift for each test of the desk's pure models."""

import pytest

from tests.unit.ui.shift import Shift


@pytest.fixture
def shift() -> Shift:
    """Nine drones in their docks, links well."""
    return Shift()
