"""What a lab needs before its workers start: the database's tables, and the presets' first ten minutes. A process of its own: Django leaves with it."""

import os

import django
from django.core.management import call_command


def main() -> None:
    """Bring the database to the newest form, and boot the presets where this engine has not done so yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podlab.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    from podlab.session import journal
    from podlab.sim.presets import NAMES

    for name in NAMES:
        journal.boot(name)


if __name__ == "__main__":
    main()
