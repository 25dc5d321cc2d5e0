"""Slack on loopback: the Web API, delivery to the app, and the people who act in it."""
