"""Pure decisions about places and people: the tree, what a phrase names in it, and who may do what."""

from lantoa.places.rules.permits import MAY, may
from lantoa.places.rules.resolving import Resolution, resolve
from lantoa.places.rules.tree import PlaceFacts, Tree, TreeFault, check_tree

__all__ = ["MAY", "PlaceFacts", "Resolution", "Tree", "TreeFault", "check_tree", "may", "resolve"]
