"""The ground: the words, shapes and rules of an implementation project, pure."""
