"""`python -m bot` is the same as `agw`."""

import sys

from bot.cli import main

sys.exit(main())
