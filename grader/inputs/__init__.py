"""The closed language in which an author says what a case's inputs are drawn from."""
