"""How a child is confined: `modes` puts the layers together, `probes` finds out what holds."""
