"""Records of music: frozen, columnar, without input or output."""
