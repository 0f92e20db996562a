"""What is watched while student code runs: one file an observable."""
