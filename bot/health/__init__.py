"""The bot watches itself: a line a day, an alarm when it stands still, one word on loss and one on recovery."""
