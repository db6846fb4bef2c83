"""Spreadsheets: the one place that reads and writes xlsx files.

What is written opens in Excel and WPS and never holds a formula. What is read comes from strangers:
it is unpacked in memory and within limits, its XML has no entities, and nothing in it is run.
Sheets are read by our own small reader, because one pass must give the value of a cell, its formula
and its picture; the libraries give one of them at a time, or none within limits.
"""

from services.spreadsheets.columns import Column
from services.spreadsheets.reading import read_workbook
from services.spreadsheets.results import Row, RowError, Sheet, Unfit
from services.spreadsheets.writing import write_sheets, write_workbook

__all__ = [
    "Column",
    "Row",
    "RowError",
    "Sheet",
    "Unfit",
    "read_workbook",
    "write_sheets",
    "write_workbook",
]
