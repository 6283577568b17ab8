"""For authors of plugins: what their own test suites can build on. Imports test libraries only when it is used."""
