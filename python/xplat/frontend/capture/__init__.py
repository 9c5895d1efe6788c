"""From the user's model to an exported program, and the checks of what the user gives."""
