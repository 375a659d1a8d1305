"""What crosses the socket: frames, changes as deltas, and their form in TypeScript."""
