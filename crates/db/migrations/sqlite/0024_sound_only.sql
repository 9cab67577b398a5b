-- Whether pictures of a recording are left out, since the disk of its recorder is nearly full.

ALTER TABLE recordings ADD COLUMN is_sound_only BOOLEAN NOT NULL DEFAULT false;
