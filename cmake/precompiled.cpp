// Nothing of its own: a target needs one source, and its precompiled headers are what others reuse.
