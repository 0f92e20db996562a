"""What runs on the other side of the trust boundary.

Loaded there as a top-level package, so that neither the checks nor a reference can be reached from
student code; hence only relative imports, the standard library, numpy, torch and safetensors.
"""
