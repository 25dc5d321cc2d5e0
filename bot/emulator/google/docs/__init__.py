"""Google Docs v1: a structural model of documents, its edits, and its handlers."""
