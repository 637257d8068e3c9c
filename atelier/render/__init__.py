"""Light, surface, camera and path tracer: from meshes to linear pictures."""
