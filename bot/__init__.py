"""A customer-implementation bot for Google Workspace and Slack."""
