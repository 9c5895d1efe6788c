"""What turns the lowered form into text for other tools."""
