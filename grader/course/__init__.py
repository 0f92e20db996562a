"""YAML and solution → Course, Exercise: the format, its checks, the regions, the variants."""
