"""Scoring of answers: metrics, runs, reports."""
