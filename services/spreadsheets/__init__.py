"""Spreadsheets: the one place that reads and writes xlsx files.

What is written opens in Excel and WPS and never holds a formula.
"""

from services.spreadsheets.columns import Column
from services.spreadsheets.writing import write_workbook

__all__ = ["Column", "write_workbook"]
