"""No setting of the task definition is lost on its way into Terraform; needs no terraform."""

import json
import re

import pytest

from lakehouse.state import REPOSITORY

DMS = REPOSITORY / "terraform/dms"
MODULE = REPOSITORY / "terraform/modules/dms/main.tf"


@pytest.mark.parametrize(
    ("file", "variable"),
    [("s3_target.json", "s3_settings"), ("postgresql_source.json", "postgresql_settings")],
)
def test_every_setting_of_an_endpoint_reaches_its_resource(file, variable):
    used = set(re.findall(rf"var\.{variable}\.(\w+)", MODULE.read_text()))
    assert used == set(json.loads((DMS / file).read_text()))
