"""Other ends that speak a protocol, for rehearsals and trials; they import only lib and channels."""
