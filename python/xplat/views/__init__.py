"""What people read of a design: report and picture."""
