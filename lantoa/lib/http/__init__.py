"""The one HTTP door: every request this program makes to another service goes out through it."""

from lantoa.lib.http.door import DoorOptions, HttpDoor, HttpError, Request, Response, Trouble

__all__ = ["DoorOptions", "HttpDoor", "HttpError", "Request", "Response", "Trouble"]
