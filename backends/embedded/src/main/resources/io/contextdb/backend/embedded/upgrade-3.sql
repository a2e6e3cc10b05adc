-- Format 3: the row of the store has a checksum of its incarnation, last commit and last time, for who reads them without SQLite.
ALTER TABLE store ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;

-- Commits that were acknowledged and are gone with a damaged or older file; their numbers are not given again.
CREATE TABLE lost (
  after_commit INTEGER NOT NULL,
  last_commit  INTEGER PRIMARY KEY
);
