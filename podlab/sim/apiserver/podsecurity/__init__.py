"""Pod Security Standards: what each level and version allows, and which of them a namespace asks for."""
