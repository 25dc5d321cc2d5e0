"""The room of reviews: the Monday agenda of risks and issues, and what people log from a message."""
