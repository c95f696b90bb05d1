"""The list of mutations fits the code, so that `make mutations` says something."""

import pytest

from lakehouse.state import REPOSITORY
from tests.mutations.catalogue import MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_a_mutation_names_one_place_and_a_test(mutation):
    assert (REPOSITORY / mutation.file).read_text().count(mutation.old) == 1
    assert mutation.new != mutation.old
    file, _, name = mutation.test.partition("::")
    assert f"def {name}(" in (REPOSITORY / file).read_text()
