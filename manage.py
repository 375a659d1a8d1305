#!/usr/bin/env python3
"""Podlab's one command. `lab` starts the lab, `test` runs every test; everything else is Django's."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Podlab needs Python 3.11 or newer and this is %d.%d: install one (Debian 12: apt install python3), "
        "then run it by its name, e.g. python3.11 manage.py lab" % sys.version_info[:2]
    )

from podlab.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
