"""The dated tree of administrative units and organisations, and who may see and do what."""
