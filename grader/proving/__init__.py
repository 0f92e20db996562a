"""Exercise → Proof: what `grade check` and the pytest plugin show; and what is released."""
