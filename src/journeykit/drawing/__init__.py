"""The drawing room: text metrics and wrapping, scenes as data, themes, icons, and the canvas.

A renderer lays its picture out as a `scene.Scene` (marks with positions, nothing drawn yet), which tests can question, and
`painting.paint` puts the scene on a `canvas.Canvas`, the only place that writes SVG.
"""
