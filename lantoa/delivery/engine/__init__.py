"""The machine room: claims what waits, sends it through wires, and writes down what became of it (decision 0011)."""
