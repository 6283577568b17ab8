"""The engines that hold and order evidence; DuckDB is the one at home."""
