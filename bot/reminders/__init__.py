"""The room that tells the right person the right thing once, on their own working morning."""
