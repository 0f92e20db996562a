"""How a child is confined: `modes` puts the layers together, `probes` finds out what holds.

Raises ImportError, in words, where Python does not run on Linux.
"""

import os

for _name in ("fork", "pidfd_open", "sched_getaffinity"):
    if not hasattr(os, _name):
        raise ImportError(f"student code can be run on Linux only: there is no os.{_name} here")
