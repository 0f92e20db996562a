"""Graded → Report → bytes, for one audience at a time."""
