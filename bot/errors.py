"""The family of errors: one kind carries a sentence for the person who asked, everything else is ours to log.

Exception
  UserError            the message is shown to the person as it stands; nothing is broken
    SettingsError      a setting is missing or wrong; names the setting and what was expected
    Refused            the person may not do this, or not now
  OutsideError         the outside did not do it, or a durable work ended with an error; the operator reads one line
    world.retry.CallError (google.GoogleError, web_api.SlackFailure), world.engine.FlowFailed
"""


class UserError(Exception):
    """A sentence that a person can act on: kind, short, and saying what to do next."""


class OutsideError(Exception):
    """Slack, Google or a durable work did not do what was asked; whoever types a verb reads one line about it."""


class SettingsError(UserError):
    """A setting is missing or wrong."""


class Refused(UserError):
    """The person may not do this, or not in this state."""
