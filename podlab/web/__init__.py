"""Pages for learners: home, the lab page, and those that help when something is not there."""
