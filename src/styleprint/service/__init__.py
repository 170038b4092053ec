"""HTTP API and web page over a bundle: the same answers, for a browser and for programs."""
