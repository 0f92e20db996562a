"""Exercise → what a student gets of it, and what must not stand in it."""
