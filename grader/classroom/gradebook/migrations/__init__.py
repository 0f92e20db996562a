"""How a book came to be what it is, one file a step; run by `versions`."""
