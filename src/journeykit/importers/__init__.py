"""The importers: generic formats chosen by suffix, and dedicated ones that recognise their own exports."""
