"""A course → what an instructor uploads to a platform so that it runs us, one file a platform."""
