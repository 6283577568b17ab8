"""An example of a plugin package: an importer, a scorer and a renderer that journeykit finds by their entry points."""
