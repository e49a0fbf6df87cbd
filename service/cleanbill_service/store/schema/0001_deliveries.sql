-- Creates whose fate is kept: those with an Idempotency-Key, those delivered later, those whose outcome is not known.
-- Times are seconds since 1970. Both databases read this text; SQLite takes any name for a type.
CREATE TABLE deliveries (
  id            TEXT PRIMARY KEY,
  owner         TEXT NOT NULL,              -- keyed hash of organisation and credential: who may read it
  upstream      TEXT NOT NULL,
  organisation  TEXT NOT NULL,
  key           TEXT,                       -- keyed hash of the Idempotency-Key; null where there is none or it is free again
  key_until     DOUBLE PRECISION,
  fingerprint   TEXT NOT NULL,              -- keyed hash of the body before correction
  deferred      INTEGER NOT NULL,           -- 1 where the worker carries it on, 0 where a caller waits for it
  state         TEXT NOT NULL,              -- ready, sending, unknown, done, dead, cancelled
  reason        TEXT,
  attempts      INTEGER NOT NULL DEFAULT 0, -- POSTs begun
  looks         INTEGER NOT NULL DEFAULT 0, -- look-ups since the last of them
  first_sent    DOUBLE PRECISION,
  last_sent     DOUBLE PRECISION,
  unknown_since DOUBLE PRECISION,
  due           DOUBLE PRECISION,           -- when the next step may be taken, or when the lease of who takes it ends
  lease         TEXT,
  accepted      DOUBLE PRECISION NOT NULL,
  updated       DOUBLE PRECISION NOT NULL,
  status        INTEGER,                    -- of the final answer
  customer_id   TEXT,
  answer        BYTEA,                      -- the final answer, encrypted for the caller's credential and Idempotency-Key
  sealed        BYTEA,                      -- the request with its credential, encrypted, until it is done
  sealed_by     TEXT                        -- which key opens it
);
CREATE UNIQUE INDEX deliveries_key ON deliveries (upstream, organisation, key);
CREATE INDEX deliveries_due ON deliveries (organisation, due);
CREATE INDEX deliveries_owner ON deliveries (owner, accepted);
CREATE INDEX deliveries_updated ON deliveries (state, updated);
-- One lane an organisation: when it may send next.
CREATE TABLE lanes (
  organisation TEXT PRIMARY KEY,
  free_at      DOUBLE PRECISION NOT NULL
);
-- The random key of the keyed hashes, made once.
CREATE TABLE secrets (
  name  TEXT PRIMARY KEY,
  value BYTEA NOT NULL
);
-- Reports of the gateway, without values.
CREATE TABLE reports (
  id      TEXT PRIMARY KEY,
  owner   TEXT NOT NULL,
  made    DOUBLE PRECISION NOT NULL,
  verdict TEXT NOT NULL,
  body    TEXT NOT NULL
);
CREATE INDEX reports_made ON reports (made);
