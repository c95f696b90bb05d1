"""Who signed a request (`principals`), and what their own IAM policies let them do (`policies`)."""
