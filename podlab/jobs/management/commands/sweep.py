"""`python manage.py sweep`: the sweeper process, beside the workers."""

from django.core.management.base import BaseCommand

from podlab.jobs import sweep


class Command(BaseCommand):
    """Wakes sessions when their told future runs short, and takes over lost workers' queues."""

    help = "Wake due sessions; runs until ended."

    def handle(self, *args: object, **options: object) -> None:
        sweep.run()
