"""Where a batch is graded: on this machine, or by the workers of a cluster."""
