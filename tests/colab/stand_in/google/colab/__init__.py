"""Stands in for the module by which notebooks know that they are on Colab; Colab's kernel has it loaded from the start."""
