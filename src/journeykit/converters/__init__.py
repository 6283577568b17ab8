"""A finished picture as another kind of file: SVG to PNG and PDF. Found by entry point, so that results stay data."""
