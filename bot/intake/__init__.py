"""The room where a request is asked for: the form, its checks, and the backlog row."""
