"""What is known of a user in words: observed in their behaviour, and said by themselves."""
