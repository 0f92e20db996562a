"""Reports and sheets → what learning platforms read, one file a platform.

An adapter takes what a student may read; only a field that instructors alone see gets more.
"""
