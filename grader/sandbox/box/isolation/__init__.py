"""How a child is confined: one file a mode.  Each has `MODE`, `LEVEL`, `MISSING` and `confine`."""
