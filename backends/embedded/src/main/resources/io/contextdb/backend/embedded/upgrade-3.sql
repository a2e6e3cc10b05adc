-- From format 2 to 3. What was declared is made an index of by the program.
CREATE TABLE life (
  commit_no INTEGER PRIMARY KEY,
  id        INTEGER NOT NULL
);

ALTER TABLE document_path RENAME TO document_path_1;

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

