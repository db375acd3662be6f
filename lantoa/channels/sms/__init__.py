"""What channels to telephones share, and the parts of the one that speaks SMPP."""
