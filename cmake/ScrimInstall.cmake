# Filled in by the package work: install and export.
