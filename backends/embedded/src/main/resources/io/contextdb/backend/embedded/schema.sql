-- Format 4. Times are microseconds since 1970 (9223372036854775807: open), ids 16 bytes, lists and properties JSON.
-- Namespaces, nodes and spaces are interned as integers, which are never given twice.

CREATE TABLE store (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  format      INTEGER NOT NULL,
  incarnation BLOB    NOT NULL, -- tells an index of this store from one that was copied here from another
  last_commit INTEGER NOT NULL,
  last_time   INTEGER NOT NULL,
  gone_before INTEGER NOT NULL, -- removed points are remembered from this commit on: an older index cannot catch up
  seal        INTEGER NOT NULL  -- checksum of incarnation, last_commit and last_time, for who reads them without SQLite
);

-- Commits that were acknowledged and are gone with a damaged or older file; their numbers are not given again.
CREATE TABLE lost (
  after_commit INTEGER NOT NULL,
  last_commit  INTEGER PRIMARY KEY
);

-- The first commit of each process that wrote: tells an index of this store from one of a copy that went another way.
CREATE TABLE life (
  commit_no INTEGER PRIMARY KEY,
  id        INTEGER NOT NULL
);

CREATE TABLE namespace (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT    NOT NULL UNIQUE,
  live           INTEGER NOT NULL,           -- 0 once it was dropped, until it is written again
  key_floor      INTEGER NOT NULL DEFAULT 0, -- greatest version of a key that was removed: versions rise
  document_floor INTEGER NOT NULL DEFAULT 0  -- the same of documents
);

-- What was applied, for repeats of the same operation id. Ordered by commit, so the oldest are found at once.
CREATE TABLE operation (
  commit_no    INTEGER PRIMARY KEY,
  ns           INTEGER NOT NULL,
  id           BLOB    NOT NULL,
  digest       BLOB    NOT NULL,
  committed_at INTEGER NOT NULL,
  results      BLOB    NOT NULL
);
CREATE UNIQUE INDEX operation_id ON operation (ns, id);

-- Graph: the current version in the entity's row, superseded ones beside it.
CREATE TABLE node (
  key         INTEGER PRIMARY KEY AUTOINCREMENT,
  ns          INTEGER NOT NULL,
  id          BLOB    NOT NULL,
  version     INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,
  valid_to    INTEGER NOT NULL,
  tx_from     INTEGER NOT NULL,
  confidence  REAL    NOT NULL,
  labels      TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  retraction  TEXT    NOT NULL,
  properties  TEXT    NOT NULL
);
CREATE UNIQUE INDEX node_id ON node (ns, id);
CREATE INDEX node_fingerprint ON node (ns, fingerprint) WHERE fingerprint <> '';
CREATE INDEX node_changed ON node (ns, tx_from, id);

CREATE TABLE node_past (
  node        INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,
  valid_to    INTEGER NOT NULL,
  tx_from     INTEGER NOT NULL,
  tx_to       INTEGER NOT NULL,
  confidence  REAL    NOT NULL,
  labels      TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  fingerprint TEXT    NOT NULL,
  retraction  TEXT    NOT NULL,
  properties  TEXT    NOT NULL,
  PRIMARY KEY (node, version)
) WITHOUT ROWID;

CREATE TABLE erased (
  ns         INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  erased_at  INTEGER NOT NULL,
  kept_until INTEGER NOT NULL DEFAULT 9223372036854775807,  -- until then, after a drop; open where the namespace lives
  PRIMARY KEY (ns, id)
) WITHOUT ROWID;
CREATE INDEX erased_kept ON erased (kept_until) WHERE kept_until < 9223372036854775807;

-- Clustered by the node an edge leaves: outgoing edges are one range of pages. The ends' ids stand here too, so that
-- reading edges needs no look at their nodes.
CREATE TABLE edge (
  from_node  INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  to_node    INTEGER NOT NULL,
  ns         INTEGER NOT NULL,
  from_id    BLOB    NOT NULL,
  to_id      BLOB    NOT NULL,
  type       TEXT    NOT NULL,
  weight     REAL    NOT NULL,
  version    INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to   INTEGER NOT NULL,
  tx_from    INTEGER NOT NULL,
  retraction TEXT    NOT NULL,
  properties TEXT    NOT NULL,
  PRIMARY KEY (from_node, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX edge_id ON edge (ns, id);
CREATE INDEX edge_incoming ON edge (to_node);

CREATE TABLE edge_past (
  ns         INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  version    INTEGER NOT NULL,
  type       TEXT    NOT NULL,
  weight     REAL    NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to   INTEGER NOT NULL,
  tx_from    INTEGER NOT NULL,
  tx_to      INTEGER NOT NULL,
  retraction TEXT    NOT NULL,
  properties TEXT    NOT NULL,
  PRIMARY KEY (ns, id, version)
) WITHOUT ROWID;

CREATE TABLE source (
  ns          INTEGER NOT NULL,
  external_id TEXT    NOT NULL,
  labels      TEXT    NOT NULL,
  properties  TEXT    NOT NULL,
  alpha       REAL    NOT NULL,
  beta        REAL    NOT NULL,
  PRIMARY KEY (ns, external_id)
) WITHOUT ROWID;

-- Vectors: the truth that the Lucene index is made from, by commit number.
CREATE TABLE space (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  ns         INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  dimensions INTEGER NOT NULL,
  metric     TEXT    NOT NULL,
  model      TEXT    NOT NULL
);
CREATE UNIQUE INDEX space_name ON space (ns, name);

CREATE TABLE point (
  key        INTEGER PRIMARY KEY,
  space      INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  commit_no  INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to   INTEGER NOT NULL,
  labels     TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  properties TEXT    NOT NULL,
  text       TEXT    NOT NULL,
  vector     BLOB             -- little-endian floats, as given
);
CREATE UNIQUE INDEX point_id ON point (space, id);
CREATE INDEX point_commit ON point (commit_no);
CREATE INDEX point_subject ON point (space, subject) WHERE subject <> '';

-- Removed points (id empty: whole spaces) that the index may still hold; pruned once it does not.
CREATE TABLE point_gone (
  commit_no INTEGER NOT NULL,
  space     INTEGER NOT NULL,
  id        BLOB    NOT NULL,
  PRIMARY KEY (commit_no, space, id)
) WITHOUT ROWID;

-- Keys. expires_at in microseconds.
CREATE TABLE entry (
  row        INTEGER PRIMARY KEY,
  ns         INTEGER NOT NULL,
  key        TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  subject    TEXT    NOT NULL,
  value      BLOB    NOT NULL
);
CREATE UNIQUE INDEX entry_key ON entry (ns, key);
CREATE INDEX entry_expiry ON entry (expires_at) WHERE expires_at < 9223372036854775807;
CREATE INDEX entry_subject ON entry (ns, subject) WHERE subject <> '';

-- Sliding logs. "used" is the sum of the permits that stand in the log.
CREATE TABLE limiter (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  ns         INTEGER NOT NULL,
  key        TEXT    NOT NULL,
  span       INTEGER NOT NULL, -- longest window that was asked for, in microseconds
  used       INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX limiter_key ON limiter (ns, key);
CREATE INDEX limiter_expiry ON limiter (expires_at);

CREATE TABLE permit (
  limiter  INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  permits  INTEGER NOT NULL,
  PRIMARY KEY (limiter, given_at, seq)
) WITHOUT ROWID;

-- Events. kind: 0 JSON, 1 bytes, 2 erased.
CREATE TABLE event (
  ns          INTEGER NOT NULL,
  commit_no   INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  time        INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  payload     BLOB    NOT NULL,
  PRIMARY KEY (ns, commit_no, seq)
) WITHOUT ROWID;
CREATE INDEX event_subject ON event (ns, subject) WHERE subject <> '';

-- Consumer groups: everything up to "head" was claimed once; what of it is not settled stands in delivery.
CREATE TABLE consumer_group (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  ns           INTEGER NOT NULL,
  name         TEXT    NOT NULL,
  start_commit INTEGER NOT NULL,
  start_seq    INTEGER NOT NULL,
  head_commit  INTEGER NOT NULL,
  head_seq     INTEGER NOT NULL,
  visibility   INTEGER NOT NULL, -- milliseconds
  max_attempts INTEGER NOT NULL
);
CREATE UNIQUE INDEX consumer_group_name ON consumer_group (ns, name);

CREATE TABLE delivery (
  consumer   INTEGER NOT NULL,
  commit_no  INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  visible_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, commit_no, seq)
) WITHOUT ROWID;

-- Events that a group gave up, in copies that outlast the trimming of the log.
CREATE TABLE dead_letter (
  consumer    INTEGER NOT NULL,
  commit_no   INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  type        TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  time        INTEGER NOT NULL,
  appended_at INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  payload     BLOB    NOT NULL,
  attempts    INTEGER NOT NULL,
  PRIMARY KEY (consumer, commit_no, seq)
) WITHOUT ROWID;

CREATE TABLE document (
  ns         INTEGER NOT NULL,
  collection TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  subject    TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  PRIMARY KEY (ns, collection, id)
) WITHOUT ROWID;
CREATE INDEX document_subject ON document (ns, subject) WHERE subject <> '';

-- Paths that applications declared, and where each document of the collection stands by them: a row for each, also where it
-- has no such value. "value" is encoded so that its bytes have the order of values; long ones are cut.
CREATE TABLE document_path (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  ns         INTEGER NOT NULL,
  collection TEXT    NOT NULL,
  path       TEXT    NOT NULL
);
CREATE UNIQUE INDEX document_path_name ON document_path (ns, collection, path);

CREATE TABLE document_value (
  path  INTEGER NOT NULL,
  value BLOB    NOT NULL,
  id    TEXT    NOT NULL,
  PRIMARY KEY (path, value, id)
) WITHOUT ROWID;
