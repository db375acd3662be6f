"""Pure preparations of what a page shows."""

from lantoa.web.rules.leaves import Leaf, Patch, leaves_of
from lantoa.web.rules.reading import Field, Gist, Group, Stretch, fields_of, gist, groups_of, name_of, stretches, when

__all__ = [
    "Field",
    "Gist",
    "Group",
    "Leaf",
    "Patch",
    "Stretch",
    "fields_of",
    "gist",
    "groups_of",
    "leaves_of",
    "name_of",
    "stretches",
    "when",
]
