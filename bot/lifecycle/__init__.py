"""The room of a project's turns: held, resumed, cancelled, re-opened; its customer renamed, its people changed."""
