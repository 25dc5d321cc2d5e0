"""The room that opens a project to its customer, and watches that nobody else gets in."""
