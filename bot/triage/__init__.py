"""The room where leads decide on requests: the card, the decision form, and telling everyone."""
