"""Who may have copied from whom: winnowing over tokens, and how surprising it is what is shared."""
