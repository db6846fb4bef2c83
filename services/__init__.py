"""What the system does, one file per domain: no Flask, no marshmallow, no HTTP status."""
