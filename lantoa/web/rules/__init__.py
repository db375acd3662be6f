"""Pure preparations of what a page shows."""

from lantoa.web.rules.reading import Field, Stretch, fields_of, name_of, stretches

__all__ = ["Field", "Stretch", "fields_of", "name_of", "stretches"]
