-- Times are microseconds since 1970, UTC (9223372036854775807: open). Text is compared by code point. Namespaces and spaces
-- are interned as integers, which are never given twice. ${schema} and ${vector} are the schemas of the store and of pgvector.

-- Orders commits of all namespaces; a number is taken under the lock of the namespace's row, so within a namespace numbers
-- follow the order of commits.
CREATE SEQUENCE ${schema}.commit_number;

-- Every writer of a namespace holds its row until it has committed.
CREATE TABLE ${schema}.namespace (
  id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name           text COLLATE "C" NOT NULL UNIQUE,
  live           boolean NOT NULL DEFAULT false, -- false once it was dropped, until it is written again
  last_time      bigint  NOT NULL DEFAULT 0,     -- no commit gets a time at or before it
  key_floor      bigint  NOT NULL DEFAULT 0,     -- greatest version of a key that was removed: versions rise
  document_floor bigint  NOT NULL DEFAULT 0      -- the same of documents
) WITH (fillfactor = 50);

-- What was applied, for repeats of the same operation id.
CREATE TABLE ${schema}.operation (
  ns           integer NOT NULL,
  id           uuid    NOT NULL,
  commit_no    bigint  NOT NULL,
  committed_at bigint  NOT NULL,
  digest       bytea   NOT NULL,
  results      bytea   NOT NULL,
  PRIMARY KEY (ns, id)
);
CREATE INDEX operation_age ON ${schema}.operation USING brin (committed_at);

-- Graph: one row per version; the current one has no end of its transaction time.
CREATE TABLE ${schema}.node (
  ns          integer NOT NULL,
  id          uuid    NOT NULL,
  version     bigint  NOT NULL,
  valid_from  bigint  NOT NULL,
  valid_to    bigint  NOT NULL,
  tx_from     bigint  NOT NULL,
  tx_to       bigint  NOT NULL,
  confidence  double precision NOT NULL,
  labels      text[] COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  retraction  text COLLATE "C" NOT NULL,
  properties  jsonb   NOT NULL,
  PRIMARY KEY (ns, id, version)
);
CREATE UNIQUE INDEX node_current ON ${schema}.node (ns, id) WHERE tx_to = 9223372036854775807;
CREATE INDEX node_fingerprint ON ${schema}.node (ns, fingerprint) WHERE tx_to = 9223372036854775807 AND fingerprint <> '';
CREATE INDEX node_changed ON ${schema}.node (ns, tx_from);
CREATE INDEX node_properties ON ${schema}.node USING gin (properties jsonb_path_ops) WHERE tx_to = 9223372036854775807;

CREATE TABLE ${schema}.erased (
  ns        integer NOT NULL,
  id        uuid    NOT NULL,
  erased_at bigint  NOT NULL,
  PRIMARY KEY (ns, id)
);

CREATE TABLE ${schema}.edge (
  ns         integer NOT NULL,
  id         uuid    NOT NULL,
  version    bigint  NOT NULL,
  from_id    uuid    NOT NULL,
  to_id      uuid    NOT NULL,
  type       text COLLATE "C" NOT NULL,
  weight     double precision NOT NULL,
  valid_from bigint  NOT NULL,
  valid_to   bigint  NOT NULL,
  tx_from    bigint  NOT NULL,
  tx_to      bigint  NOT NULL,
  retraction text COLLATE "C" NOT NULL,
  properties jsonb   NOT NULL,
  PRIMARY KEY (ns, id, version)
);
CREATE UNIQUE INDEX edge_current ON ${schema}.edge (ns, id) WHERE tx_to = 9223372036854775807;
CREATE INDEX edge_outgoing ON ${schema}.edge (ns, from_id) WHERE tx_to = 9223372036854775807;
CREATE INDEX edge_incoming ON ${schema}.edge (ns, to_id) WHERE tx_to = 9223372036854775807;
CREATE INDEX edge_outgoing_past ON ${schema}.edge (ns, from_id) WHERE tx_to < 9223372036854775807;
CREATE INDEX edge_incoming_past ON ${schema}.edge (ns, to_id) WHERE tx_to < 9223372036854775807;

CREATE TABLE ${schema}.source (
  ns          integer NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  labels      text[] COLLATE "C" NOT NULL,
  properties  jsonb   NOT NULL,
  alpha       double precision NOT NULL,
  beta        double precision NOT NULL,
  PRIMARY KEY (ns, external_id)
);

-- Vectors. Points with a text stand in posting too, word by word, and are summed up in their space, for BM25.
CREATE TABLE ${schema}.space (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ns         integer NOT NULL,
  name       text COLLATE "C" NOT NULL,
  dimensions integer NOT NULL,
  metric     text COLLATE "C" NOT NULL,
  model      text COLLATE "C" NOT NULL,
  texts      bigint  NOT NULL DEFAULT 0,
  words      bigint  NOT NULL DEFAULT 0,
  UNIQUE (ns, name)
) WITH (fillfactor = 50);

CREATE TABLE ${schema}.point (
  space      integer NOT NULL,
  id         uuid    NOT NULL,
  valid_from bigint  NOT NULL,
  valid_to   bigint  NOT NULL,
  labels     text[] COLLATE "C" NOT NULL,
  source     text COLLATE "C" NOT NULL,
  subject    text COLLATE "C" NOT NULL,
  properties jsonb   NOT NULL,
  text       text COLLATE "C" NOT NULL,
  embedding  ${vector}.vector,
  PRIMARY KEY (space, id)
);
CREATE INDEX point_subject ON ${schema}.point (space, subject) WHERE subject <> '';
CREATE INDEX point_properties ON ${schema}.point USING gin (properties jsonb_path_ops);

CREATE TABLE ${schema}.posting (
  space  integer NOT NULL,
  word   text COLLATE "C" NOT NULL,
  point  uuid    NOT NULL,
  times  integer NOT NULL, -- how often the text has the word
  length integer NOT NULL, -- words of the text
  PRIMARY KEY (space, word, point) INCLUDE (times, length)
);

CREATE TABLE ${schema}.entry (
  ns         integer NOT NULL,
  key        text COLLATE "C" NOT NULL,
  version    bigint  NOT NULL,
  expires_at bigint  NOT NULL,
  subject    text COLLATE "C" NOT NULL,
  value      bytea   NOT NULL,
  PRIMARY KEY (ns, key)
);
CREATE INDEX entry_expiry ON ${schema}.entry (expires_at) WHERE expires_at < 9223372036854775807;
CREATE INDEX entry_subject ON ${schema}.entry (ns, subject) WHERE subject <> '';

-- Sliding logs of permits. "span" is the longest window that was asked for.
CREATE TABLE ${schema}.limiter (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ns         integer NOT NULL,
  key        text COLLATE "C" NOT NULL,
  span       bigint  NOT NULL,
  expires_at bigint  NOT NULL,
  UNIQUE (ns, key)
);
CREATE INDEX limiter_expiry ON ${schema}.limiter (expires_at);

CREATE TABLE ${schema}.permit (
  limiter  bigint  NOT NULL,
  given_at bigint  NOT NULL,
  seq      integer NOT NULL,
  permits  integer NOT NULL,
  PRIMARY KEY (limiter, given_at, seq)
);

-- Events. kind: 0 JSON, 1 bytes, 2 erased.
CREATE TABLE ${schema}.event (
  ns          integer  NOT NULL,
  commit_no   bigint   NOT NULL,
  seq         bigint   NOT NULL,
  type        text COLLATE "C" NOT NULL,
  subject     text COLLATE "C" NOT NULL,
  time        bigint   NOT NULL,
  appended_at bigint   NOT NULL,
  kind        smallint NOT NULL,
  body        jsonb,
  bytes       bytea,
  PRIMARY KEY (ns, commit_no, seq)
);
CREATE INDEX event_subject ON ${schema}.event (ns, subject, commit_no, seq) WHERE subject <> '';

-- Consumer groups: everything up to "head" was claimed once; what of it is not settled stands in delivery.
CREATE TABLE ${schema}.consumer_group (
  id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ns           integer NOT NULL,
  name         text COLLATE "C" NOT NULL,
  start_commit bigint  NOT NULL,
  start_seq    bigint  NOT NULL,
  head_commit  bigint  NOT NULL,
  head_seq     bigint  NOT NULL,
  visibility   bigint  NOT NULL, -- milliseconds
  max_attempts integer NOT NULL,
  UNIQUE (ns, name)
) WITH (fillfactor = 50);

CREATE TABLE ${schema}.delivery (
  consumer   integer NOT NULL,
  commit_no  bigint  NOT NULL,
  seq        bigint  NOT NULL,
  attempts   integer NOT NULL,
  visible_at bigint  NOT NULL,
  PRIMARY KEY (consumer, commit_no, seq)
);

-- Events that a group gave up, in copies that outlast the trimming of the log.
CREATE TABLE ${schema}.dead_letter (
  consumer    integer  NOT NULL,
  commit_no   bigint   NOT NULL,
  seq         bigint   NOT NULL,
  type        text COLLATE "C" NOT NULL,
  subject     text COLLATE "C" NOT NULL,
  time        bigint   NOT NULL,
  appended_at bigint   NOT NULL,
  kind        smallint NOT NULL,
  body        jsonb,
  bytes       bytea,
  attempts    integer  NOT NULL,
  PRIMARY KEY (consumer, commit_no, seq)
);

CREATE TABLE ${schema}.document (
  ns         integer NOT NULL,
  collection text COLLATE "C" NOT NULL,
  id         text COLLATE "C" NOT NULL,
  version    bigint  NOT NULL,
  updated_at bigint  NOT NULL,
  subject    text COLLATE "C" NOT NULL,
  body       jsonb   NOT NULL,
  PRIMARY KEY (ns, collection, id)
);
CREATE INDEX document_subject ON ${schema}.document (ns, subject) WHERE subject <> '';
CREATE INDEX document_body ON ${schema}.document USING gin (body jsonb_path_ops);

-- Paths that applications declared.
CREATE TABLE ${schema}.document_path (
  ns         integer NOT NULL,
  collection text COLLATE "C" NOT NULL,
  path       text[]  NOT NULL,
  PRIMARY KEY (ns, collection, path)
);

-- The server's clock in microseconds.
CREATE FUNCTION ${schema}.clock() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;
