"""Bringing items in and out: workbooks, archives, and the samples to begin with."""
