"""Short Message Peer to Peer, version 3.4: PDUs, receipts, statuses, and a client that keeps its binds alive.

"SMPP 3.4 §…" in the code is the Short Message Peer to Peer Protocol Specification v3.4, issue 1.2, of 12 October 1999.
"""
