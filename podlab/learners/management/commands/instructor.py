"""`python3 manage.py instructor NAME`: who may upload and publish lesson packs."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Makes somebody who has signed up an instructor, or no longer one."""

    help = "Let somebody who has signed up upload and publish lesson packs in the browser."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="the name with which she signed up")
        parser.add_argument("--no-longer", action="store_true", help="take it back")

    def handle(self, *args: Any, **options: Any) -> None:
        name, wanted = options["name"], not options["no_longer"]
        if not User.objects.filter(username=name).update(is_staff=wanted):
            raise CommandError(f"nobody has signed up as {name!r}")
        self.stdout.write(f"{name} is {'an' if wanted else 'no longer an'} instructor")
