# 12. A compressed sparse matrix, which has no numpy form.
# ends: finished | error
# points: 0
def gradient(x):
    return (3 * x**2)[None].to_sparse_csr()
