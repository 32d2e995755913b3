"""What happens to one month."""
