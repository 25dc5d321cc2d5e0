"""The family of errors: one kind carries a sentence for the person who asked, everything else is ours to log.

Exception
  UserError            the message is shown to the person as it stands; nothing is broken
    SettingsError      a setting is missing or wrong; names the setting and what was expected
    Refused            the person may not do this, or not now
  (world.google.GoogleError, world.slack.SlackFailure: the outside answered with an error)
"""


class UserError(Exception):
    """A sentence that a person can act on: kind, short, and saying what to do next."""


class SettingsError(UserError):
    """A setting is missing or wrong."""


class Refused(UserError):
    """The person may not do this, or not in this state."""
