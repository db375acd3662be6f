"""The register of people and devices, its import, and the phone check."""
