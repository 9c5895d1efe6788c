"""What everything else uses: errors, text, files and progress. Knows nothing of models or hardware."""
