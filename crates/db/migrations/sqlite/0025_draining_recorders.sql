-- Recorders that were taken out of service: they get no more recordings until they are taken back.

CREATE TABLE draining_recorders (
    recorder_id TEXT   NOT NULL PRIMARY KEY,
    since       BIGINT NOT NULL   -- microseconds, UTC
);
