"""Drive v3: files, permissions, changes, shared drives."""

from bot.emulator.google.drive.drives import seed_drive

__all__ = ["seed_drive"]
