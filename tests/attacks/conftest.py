collect_ignore = ["course", "corpus"]
