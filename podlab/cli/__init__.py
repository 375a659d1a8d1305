"""The commands of `manage.py`: thin, they only start what the other rooms do."""
