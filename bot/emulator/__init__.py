"""Slack and Google on loopback, spoken as the real services speak; imports nothing of the bot's."""
