"""Goals over history: what a lesson asks for, watched where it happens (docs/packs.md, "Checks")."""
