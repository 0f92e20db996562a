"""Autograder for courses on PyTorch autograd."""
