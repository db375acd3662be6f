"""Pure decisions: no Django, no clock."""
