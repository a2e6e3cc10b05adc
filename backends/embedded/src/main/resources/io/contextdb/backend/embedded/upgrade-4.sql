-- From format 3 to 4: the row of the store has a checksum, and lost commits are remembered.
ALTER TABLE store ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;

CREATE TABLE lost (
  after_commit INTEGER NOT NULL,
  last_commit  INTEGER PRIMARY KEY
);
