-- What the operator chose for the whole platform. One row, or none where nothing was chosen.

CREATE TABLE platform_settings (
    id       BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    settings TEXT   NOT NULL   -- an object; what is missing has its default
);
