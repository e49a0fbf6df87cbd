"""The gateway: in front of Zenskar, checking customers on their way and passing everything else through."""
