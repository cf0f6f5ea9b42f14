"""What augmentation does to sound."""
