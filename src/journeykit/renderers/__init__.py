"""The built-in renderers, one module each, found through the entry points ``journeykit.renderers`` like any stranger's."""
