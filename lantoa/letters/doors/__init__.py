"""Doors through which letters come in by themselves: a mailbox and a watched folder. They register and do no more."""

from lantoa.letters.doors.turn import Taken

__all__ = ["Taken"]
