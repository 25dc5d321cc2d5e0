"""A simulated year: a company at work, people who edit and press, and a judge who shares no code with the bot."""
