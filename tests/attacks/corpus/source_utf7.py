# 39. Right in UTF-7, as its second line claims to be; wrong to whoever reads it as it is.
# -*- coding: utf-7 -*-
# ends: finished
# points: 0
def gradient(x):
    return x  # +AAo-    return 3 * x**2


# +AAo-def gradient(x):+AAo-    return 3 * x**2
