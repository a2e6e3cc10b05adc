-- Processes that listen for events, each until a time by which it says so again; commits of events notify only if there are any.
CREATE TABLE ${schema}.listener (
  id    uuid   PRIMARY KEY,
  until bigint NOT NULL
);
