"""Tables as files: CSV, and a workbook with a sheet each and the definitions of their columns."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import xlsxwriter

from lakehouse.dashboard import formats
from lakehouse.dashboard.view import Table, View

# Excel's number formats by kind of column; the currency of amounts stands on the first sheet.
NUMBER_FORMATS = {
    "money": "#,##0.00",
    "percent": "0.0%",
    "number": "#,##0.0",
    "count": "#,##0",
    "date": "yyyy-mm-dd",
    "month": "mmm yyyy",
    "moment": "yyyy-mm-dd hh:mm",
}
SHEET_NAME_LENGTH = 31
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv(table: Table) -> bytes:
    """The table with its columns' names, exact values, nulls as nothing; UTF-8."""
    return table.frame.map(_harmless).to_csv(index=False).encode()


def file_name(view: View, what: str, ending: str) -> str:
    """Such as northwind-nws_revenue_2026-11-21.csv."""
    return f"{view.tenant.slug}_{what}_{view.as_of.isoformat()}.{ending}"


def workbook(view: View, tables: Iterable[Table]) -> bytes:
    """An Excel workbook: what it is, a sheet for each table with rows, what its columns mean."""
    target = BytesIO()
    kept = [table for table in tables if len(table.frame)]
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        _about(book, view, kept)
        for table in kept:
            _sheet(book, view, table)
        _meanings(book, view, kept)
    return target.getvalue()


def _about(book: xlsxwriter.Workbook, view: View, tables: Iterable[Table]) -> None:
    sheet = book.add_worksheet("About")
    bold = book.add_format({"bold": True})
    lines = [
        ("Tenant", view.tenant.name),
        ("Currency of all amounts", view.tenant.currency),
        ("Reporting date", formats.day(view.as_of)),
        ("Gold's last day", formats.day(view.last_day)),
        *(
            (table.question.title, table.note or "periods to the reporting date")
            for table in tables
        ),
    ]
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
    sheet.set_column(0, 1, 34)


def _sheet(book: xlsxwriter.Workbook, view: View, table: Table) -> None:
    sheet = book.add_worksheet(table.question.name[:SHEET_NAME_LENGTH])
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.frame.columns):
        found = view.definitions.find(table.question.marts, name)
        written = NUMBER_FORMATS.get(found.kind if found else "")
        style = book.add_format({"num_format": written}) if written else None
        sheet.write_string(0, column, name, head)
        for row, value in enumerate(table.frame[name], start=1):
            if value is not None:
                sheet.write(row, column, value, style)
        sheet.set_column(column, column, max(14, len(name) + 2))


def _meanings(book: xlsxwriter.Workbook, view: View, tables: Iterable[Table]) -> None:
    sheet = book.add_worksheet("Definitions")
    for column, name in enumerate(("sheet", "column", "source", "definition")):
        sheet.write_string(0, column, name, book.add_format({"bold": True, "bottom": 1}))
    row = 1
    for table in tables:
        for name in table.frame.columns:
            if found := view.definitions.find(table.question.marts, name):
                source = f"lakehouse_gold.{found.mart}.{found.name}"
                for column, text in enumerate(
                    (table.question.name, name, source, found.description)
                ):
                    sheet.write_string(row, column, text)
                row += 1
    sheet.set_column(0, 2, 34)
    sheet.set_column(3, 3, 110)


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
