"""What an author needs to trust an assignment."""
