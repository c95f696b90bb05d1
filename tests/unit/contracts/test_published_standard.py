"""The files are valid Open Data Contract Standard, by its own model and JSON schema."""

import json

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from contracts import CONTRACTS_FOLDER

FILES = sorted(CONTRACTS_FOLDER.glob("*.odcs.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_contract_follows_the_published_schema(path):
    OpenDataContractStandard.from_file(str(path))
    schema = json.loads(OpenDataContractStandard.json_schema())
    document = yaml.safe_load(path.read_text())
    assert [e.message for e in jsonschema.Draft201909Validator(schema).iter_errors(document)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_file_is_named_for_its_silver_table(path):
    document = yaml.safe_load(path.read_text())
    assert document["name"] == document["schema"][0]["name"] == path.name.split(".")[0]
