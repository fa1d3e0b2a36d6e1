"""Many projects and releases by one manifest: each project in a process of its own, nothing done twice."""
