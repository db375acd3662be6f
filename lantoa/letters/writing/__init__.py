"""Writing official documents in the form of Nghị định 30/2020/NĐ-CP: DOCX, PDF, HTML, plain text, edXML."""
