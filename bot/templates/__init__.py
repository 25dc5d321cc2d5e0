"""The templates: built from the schemas into the shared drive, kept in step with them, checked before use."""
