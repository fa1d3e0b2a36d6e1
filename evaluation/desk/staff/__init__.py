"""Who is signed in, what she may do, and where she can practise."""
