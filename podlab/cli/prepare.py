"""What a lab needs before its workers start: the database's tables. A process of its own: Django leaves with it."""

import os

import django
from django.core.management import call_command


def main() -> None:
    """Bring the database to the newest form."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podlab.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)


if __name__ == "__main__":
    main()
