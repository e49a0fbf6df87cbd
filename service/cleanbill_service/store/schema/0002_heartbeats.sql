-- What is written to see whether anything can be.
CREATE TABLE heartbeats (
  name TEXT PRIMARY KEY,
  beat DOUBLE PRECISION NOT NULL
);
