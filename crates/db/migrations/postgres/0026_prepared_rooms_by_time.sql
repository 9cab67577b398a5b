-- Lists of prepared rooms show the newest first.

CREATE INDEX prepared_rooms_by_time ON prepared_rooms (tenant_id, prepared_at DESC, id);
