"""A class: who handed in what, graded by whom, kept where, and like whose."""
