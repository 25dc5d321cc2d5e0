"""The room of the monthly progress report: a draft that the project manager edits and publishes."""
