"""The four ways of patching an object: merge, JSON patch, strategic merge, server-side apply."""
