"""The drill: a whole campaign, from its letter to its report, against servers that misbehave, and the sheet of it."""
