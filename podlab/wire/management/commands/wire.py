"""`python manage.py wire`: write the frames' TypeScript."""

from django.core.management.base import BaseCommand

from podlab.wire.typescript import TARGET, render


class Command(BaseCommand):
    """Writes `static/src/wire.ts` from `podlab/wire`."""

    help = "Write static/src/wire.ts from podlab/wire."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        TARGET.write_text(render(), encoding="utf-8")
        self.stdout.write(f"wrote {TARGET.name}")
