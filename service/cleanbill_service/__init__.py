"""cleanbill over HTTP: the check API, the gateway in front of Zenskar, and a sandbox Zenskar."""
