"""The room that reads what people changed in their sheets."""
