"""The only files of ours that are inside the box: standard library and numpy, nothing else."""
