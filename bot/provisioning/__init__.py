"""The room that turns a selected request into a project: files, channel, people, welcome."""
