"""Views of a design for people: report and picture."""
