"""What is measured: one file per section, found by `bench.section`. A new file needs no entry anywhere else."""
