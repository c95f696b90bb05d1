"""The pages: Great Expectations' Data Docs, without anything loaded from elsewhere.

Great Expectations writes pages whose style sheets, scripts and table contents come from public
content networks: they are empty without network, and tell others that they were opened. The
templates in `pages/` stand in for those few of its own; all others are used as they are.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context import AbstractDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

from lakehouse.checks.quality.errors import QualityReportError
from lakehouse.checks.quality.report import TableQuality

TEMPLATES = Path(__file__).parent / "pages"
WRITTEN = ("expectations", "validations", "static")


class OfflinePageView(DefaultJinjaPageView):
    """A page of Great Expectations with our templates before its own."""

    def __init__(self, *args: str | None, **kwargs: str | None) -> None:
        super().__init__(*args, **kwargs)
        self.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), self.env.loader])


class DataDocs:
    """Collects the results of one run, then writes the site below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.context = _context(self.folder)
        self._run = RunIdentifier(run_name="silver", run_time=datetime.now(UTC))
        self._tables: list[TableQuality] = []

    def add(self, quality: TableQuality, result: ExpectationSuiteValidationResult) -> None:
        """Take a table's result into the site."""
        result.meta |= {"run_id": self._run, "batch_kwargs": {"data_asset_name": quality.table}}
        key = ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(quality.table),
            run_id=self._run,
            batch_identifier=quality.table,
        )
        self.context.validation_results_store.set(key, result)
        self._tables.append(quality)

    def write(self) -> Path:
        """Write all pages over those of an earlier run; returns the index page.

        Raises QualityReportError when the page of a table was not made.
        """
        for name in WRITTEN:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        with _logged_errors() as errors:
            self.context.build_data_docs(build_index=False)
        shutil.rmtree(self.folder / "static", ignore_errors=True)  # nothing refers to it
        rows = [(quality, self._page(quality.table, errors)) for quality in self._tables]
        template = OfflinePageView().env.get_template("quality_index.j2")
        index = self.folder / "index.html"
        index.write_text(template.render(rows=rows, at=self._run.run_time), encoding="utf-8")
        return index

    def _page(self, table: str, errors: list[str]) -> str:
        pages = list((self.folder / "validations" / table).rglob("*.html"))
        if len(pages) != 1:
            raise QualityReportError(
                f"Great Expectations made no page for table {table}; "
                f"the pages below {self.folder} are incomplete, no data was changed. "
                f"Delete that folder and try again. Great Expectations says: {errors}"
            )
        return pages[0].relative_to(self.folder).as_posix()


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    """What Great Expectations logs as errors: it goes on without the page that it cannot make."""
    messages: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: messages.append(record.getMessage())
    logger = logging.getLogger("great_expectations")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)


def _context(folder: Path) -> AbstractDataContext:
    view = {"view": {"module_name": __name__, "class_name": OfflinePageView.__name__}}
    site = {
        "class_name": "SiteBuilder",
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder),
        },
        "site_section_builders": {"expectations": view, "validations": view, "profiling": "None"},
    }
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        data_docs_sites={"data_quality": site},
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.data_sources.add_pandas("silver")
    return context
