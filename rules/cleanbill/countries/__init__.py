"""Countries of the world: names, subdivisions, postcodes, and where an address lies for tax."""
