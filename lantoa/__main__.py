"""`python -m lantoa`."""

from lantoa.cli.main import main

main()
