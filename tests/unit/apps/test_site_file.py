"""A site file with a deployment or a picture that cannot be: one sentence that names it."""

from dataclasses import replace
from typing import Any

import pytest

from gcs.apps.shift import load_site
from gcs.model.site import Video


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"area": ()}, "EX-114: area has 0 points"),
        ({"officer": "O" * 81}, "deployment.officer"),
    ],
)
def test_a_deployment_that_cannot_be(changes: dict[str, Any], sentence: str) -> None:
    site = load_site("islington", None)
    with pytest.raises(ValueError, match=sentence):
        replace(site, deployments=(replace(site.deployments[0], **changes),))


def test_a_picture_that_cannot_be_coded() -> None:
    with pytest.raises(ValueError, match="641 x 360"):
        Video(width=641)
