"""Measures how well the shipped code finds, answers and keeps silent."""
