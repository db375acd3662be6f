"""Text of any file an office sends: DOCX, DOC, RTF, PDF, HTML, plain text, e-mail, edXML and scans.

What a file is, is decided by its content, never by its name. Files that would open something else (external
entities), unpack without end, or hold no text are refused with one sentence for the person who sent them.
"""

from lantoa.lib.extract.document import Attachment, Extracted, ExtractionError
from lantoa.lib.extract.reading import extract_bytes, extract_text

__all__ = ["Attachment", "Extracted", "ExtractionError", "extract_bytes", "extract_text"]
