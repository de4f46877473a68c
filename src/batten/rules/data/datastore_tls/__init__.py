"""Data stores whose answers and passwords go over the network in the clear."""
