-- Recorders that were taken out of service: they get no more recordings until they are taken back.

CREATE TABLE draining_recorders (
    recorder_id text COLLATE "C" NOT NULL PRIMARY KEY,
    since       bigint           NOT NULL   -- microseconds, UTC
);
