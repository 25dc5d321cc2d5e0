"""The room of the weekly channel digest."""
