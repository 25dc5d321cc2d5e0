"""`python -m bot` is `implbot`."""

from bot.cli import main

main()
