"""Lesson packs: the reader (folder → Pack), text, lint, proof."""
