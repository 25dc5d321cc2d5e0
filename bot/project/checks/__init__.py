"""The checks of a project: one small pure module per family, and one table that says what each is for."""
