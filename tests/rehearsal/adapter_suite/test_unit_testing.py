"""dbt's unit tests of models, whose rows come from the engine's own types."""

import pytest
from dbt.tests.adapter.unit_testing.test_case_insensitivity import BaseUnitTestCaseInsensivity
from dbt.tests.adapter.unit_testing.test_invalid_input import BaseUnitTestInvalidInput
from dbt.tests.adapter.unit_testing.test_quoted_reserved_word_column_names import (
    BaseUnitTestQuotedReservedWordColumnNames,
)
from dbt.tests.adapter.unit_testing.test_types import BaseUnitTestingTypes

pytestmark = pytest.mark.rehearsal


class TestTypes(BaseUnitTestingTypes):
    @pytest.fixture
    def data_types(self):
        """The class's own types are PostgreSQL's; a subclass has to name its engine's."""
        return [
            ["1", "1"],
            ["2.0", "2.0"],
            ["'text'", "text"],
            ["true", "true"],
            ["date '2020-01-02'", "2020-01-02"],
            ["timestamp '2013-11-03 00:00:00.123'", "'2013-11-03 00:00:00.123'"],
        ]


class TestCaseInsensitivity(BaseUnitTestCaseInsensivity):
    pass


class TestInvalidInput(BaseUnitTestInvalidInput):
    pass


class TestQuotedReservedWordColumnNames(BaseUnitTestQuotedReservedWordColumnNames):
    pass
