"""Networks over sequences: learnt with torch (extra ``deep``), asked with onnxruntime alone."""
