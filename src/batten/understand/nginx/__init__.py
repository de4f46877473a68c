"""nginx as it would answer: its files read, its inheritance and its choice of a location worked out."""
