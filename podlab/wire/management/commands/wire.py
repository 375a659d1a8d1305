"""`python manage.py wire`: write the frames' TypeScript."""

from django.core.management.base import BaseCommand

from podlab.wire.typescript import FOLDER, render


class Command(BaseCommand):
    """Writes `static/src/{questions,wire}.ts` from `podlab/wire`."""

    help = "Write static/src/{questions,wire}.ts from podlab/wire."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        for name, text in render().items():
            (FOLDER / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {name}")
