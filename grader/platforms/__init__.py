"""Learning platforms: what we read of them and write for them, one file a platform.

A platform takes what a student may read; only a field that instructors alone see gets more.
"""
